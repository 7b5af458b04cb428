package gate_test

import "testing"

// TestCalled: where a word announces a person, a name need not be one that we
// know. Whoever is called a victim, or a victim's kin, refuses everywhere; forms of
// address and nicknames refuse rows about persons: an official is a Mrs too.
func TestCalled(t *testing.T) {
	const all, rows = "all", "rows"
	var texts []said
	for text, where := range map[string]string{
		"víctima: Yuleisy Quej": all, "Víctima: Yuleisy Quej": all, "víctima Yuleisy Quej": all, "La víctima, Yuleisy Quej, fue trasladada": all, "víctima n.º 2: Yuleisy Quej": all, "víctima: YULEISY QUEJ": all,
		"vítima: Jucicleide Xavante": all, "victime : Fabiola Zamoraine": all, "victim: Shantoya Boodram": all, "la menor Yuleisy Quej declaró": all, "testigo: Yuleisy Quej": all, "adolescente: Jucicleide Xavante": all,
		"madre: Xiomara Tzoc": all, "hija de Yuleisy Quej": all, "daughter of Shantoya Boodram": all, "son of Shantoya Boodram": all, "filha de Jucicleide Xavante": all, "mère : Fabiola Zamoraine": all, "madre: Rosa": all,
		"víctima Y.Q.L.": all, "victim J. M. R.": all, "a vítima J.X. relatou": all, "la menor A.B.C. declaró": all,
		"Sra. López": rows, "Sr. Pérez": rows, "la señora Yuleisy Quej": rows, "Mrs Smith": rows, "Mme Dupont": rows, "Dona Maria": rows,
		"alias La Chela": rows, `alias "Chelita"`: rows, "a.k.a. Chelita": rows, "apodo: Chelita": rows, "vulgo Neguinha": rows, "Fabiola dite La Belle": rows, "Fabiola, dite «Fifi»": rows,

		// Places, what became of someone, bodies, forms of exploitation.
		"victim: Honduras": "", "víctimas: Mujeres": "", "victim: Female": "", "víctima: Mujer Guatemalteca": "", "Víctima: Trasladada": "", "víctima: Rescatada en operativo": "", "victim: Sexual Exploitation": "",
		"víctima: El Salvador": "", "víctima: Ciudad de México": "", "vítima: Natural de Manaus": "", "victime : Originaire de Jérémie": "", "Victim Support Unit": "", "Victim Compensation Fund": "", "víctima: MENOR DE EDAD": "",
		"apoyo a la víctima, Cruz Roja Hondureña": "", "apoyo a la víctima, Médicos del Mundo": "", "Hospital del Niño Jesús": "", "testigo: Ministerio Público": "", "Víctima Directa": "",
		"madre: Guatemala": "", "padre: Desconocido": "", "hija de Guatemalteca": "", "hijas de la Caridad": "", "Las víctimas son de San José": "", "son de Colombia y Venezuela": "", "hija de Santa Rosa": "", "madre: Soltera": "",
		"Sr. Ministro": "", "Sra. Ministra": "", "Sra. Fiscal General": "", "Sr. Presidente": "", "Mr. Speaker": "", "Mme la Ministre": "", "Monsieur le Procureur": "", "Hogar Nuestra Señora Guadalupe": "", "Abrigo Nossa Senhora Aparecida": "",
		"alias: Ninguno": "", "alias de columna": "", "Convention dite de Palerme": "", "víctima S.D.": "", "víctima N.N.": "", "victim U.S. citizen": "", "menor, O.E.A.": "",
		"Convenio con la Sra. Ministra y el Sr. Director General": "", "víctimas: 12 Mujeres, 3 Hombres": "",
	} {
		c := said{text: text}
		if where != "" {
			c.cases = "name"
		}
		if where == all {
			c.figures = "name"
		}
		texts = append(texts, c)
	}
	testSaid(t, texts)
}
