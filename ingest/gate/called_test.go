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
		"víctima (Yuleisy Quej)": all, "víctima - Yuleisy Quej": all, "víctima=Yuleisy Quej": all, "vict. Yuleisy Quej": all, "su madre Xiomara Tzoc": all, "the girl's mother, Shantoya Boodram, said": all, "madre (Xiomara Tzoc)": all,
		"víctima de nombre Yuleisy Quej": rows, "La adolescente identificada como Yuleisy Quej": rows, "Nombre: Yuleisy Quej": rows, "se chama Jucicleide Xavante": rows, `alias "la Chela"`: rows,
		"Sra. López": rows, "Lic. Zelaya": rows, "Sgt. Campbell": rows, "Sgto. Zelaya": rows, "Insp. Brown": rows, "Abg. Cruz": rows, "Sr. Pérez": rows, "la señora Yuleisy Quej": rows, "Mrs Smith": rows, "Mme Dupont": rows, "Dona Maria": rows,
		"alias La Chela": rows, `alias "Chelita"`: rows, "a.k.a. Chelita": rows, "apodo: Chelita": rows, "vulgo Neguinha": rows, "Fabiola dite La Belle": rows, "Fabiola, dite «Fifi»": rows,

		"A vítima Jucineide S. relatou em 12/03": all, "víctima: Yuleisy Q.": all, "victime : Wideline J., âge 17": all, "victim Shantoya B. said": all, "hija de Yuleisy Q.": all, "nom: Wideline J., âge 17": rows, "Nombre: Yuleisy Q.": rows, "name: Shantoya B.": rows,
		"víctima: Anexo A.": "", "víctima Directa A.": "", "victim: Group B.": "", "Nombre: Plan B.": "", "Name: Annex C.": "", "víctima: Zona B.": "", "víctima: Honduras S.": "",

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

// TestCalledInnocent: texts that a reader of laws, statistics and registers meets behind
// the same words.
func TestCalledInnocent(t *testing.T) {
	var texts []said
	for _, text := range []string{
		"madre Patria", "Hogar Madre Teresa", "Hermana Superiora", "victim (Palermo Protocol)", "víctima (Mujer Adulta)", "víctima - Testigo Protegido", "Victim (Modern Slavery Act)", "identificada como Víctima Potencial", "identificado como Caso Nuevo",
		"Relación con la víctima: Pareja Sentimental", "Vínculo con la víctima: Amigo Íntimo", "Victim: Intimate Partner", "Perfil de la víctima - Rango Etario", "víctima: Secundaria Completa", "Víctima: Unión Libre", "vítima: Ensino Médio", "Victime - Niveau Primaire",
		"Nombre: Nuevo Amanecer", "operativo llamado Rayo Azul", "Name: Human Rights Watch",
		"Víctima: Toda Persona que haya sufrido daño", "Definition of victim: Any Person who has been identified", "Victim: Persons Trafficked, as defined in the Act", "víctima Identificada Formalmente",
		"Victim: Article 3 Palermo Protocol", "víctima: Ley Orgánica", "Victime : Toute Personne physique", "Vítima: Toda Pessoa Física",
		"Programa Víctima Protegida", "Unidad Víctima Testigo", "Programa de Protección a Víctima y Testigo Protegido", "testigo Protegido Federal",
		"menor Acompañado", "menor No Acompañado", "Niñez: niña Indígena Maya", "menor de Nacionalidad Hondureña",
		"victim Witness Protection", "victim-centered approach, Victim: Centered Approach", "The victim, Mexican National, was", "victim: New Yorker",
		"víctima Adulta Mayor", "víctima Niña Adolescente", "niña Niño Adolescente", "niña, Niño y Adolescente",
		"la joven República", "joven Adulto Mayor", "victim: Trafficked Abroad", "víctima: Tegucigalpa",
		"víctima: San Pedro Sula", "víctima: Santo Domingo Este", "víctima: Puerto Cortés", "vítima: Foz do Iguaçu",
		"vítima: Mato Grosso", "vítima: Minas Gerais", "víctima: Baja California", "víctima: Quintana Roo",
		"víctima: Nuevo León", "víctima: Madre de Dios", "víctima: Alta Verapaz", "víctima: Cortés",
		"victime : Port-au-Prince", "victime : Croix-des-Bouquets", "víctima: Río de Janeiro", "Victim: Los Angeles",
		"victim: Saint Lucia", "victim: Kingston", "Victim: Family Member", "madre Patria",
		"padre de Familia", "Madre de Dios: 12 víctimas", "Departamento de Madre de Dios", "Hija de Madre Soltera",
		"madre: Ama de Casa", "padre: Trabajador Agrícola", "mother: Domestic Worker", "mother of Honduran Nationality",
		"pai de Santo", "Mãe de Deus", "fille de Joie", "Fille : Moins de 18 ans",
		"Filles : Moins de 18 ans", "son of God", "hermano de Cristo Rey", "Sra. Defensora Pública",
		"Sr. Embajador de México", "Señor de Sipán", "Señor Cautivo", "Madame la Présidente",
		"Mr. Chairman", "Señora Presidenta, Señores Ministros", "Sr. Encargado de Negocios", "Sr. Cónsul General",
		"Sra. Primera Dama", "Mrs President", "Alias: Operación Fénix", "Operativo alias Tormenta",
		"banda alias Los Zetas", "alias Los Zetas", "víctima O.E.A.", "menor M.P.",
		"víctima E.U.A.", "niña, E.E.U.U.", "Identified by: Victim Services", "Plan Esperanza, víctima Extranjera Asistida",
		"testigo: Menor Afectado", "denunciante: Línea Gratuita", "Denunciante: Anónimo Telefónico", "Denunciante: Ciudadano Común",
		"Denunciante: Familiar Directo", "Imputado: Persona Jurídica", "Imputado: Prófugo Internacional", "acusado: Homicidio Calificado",
		"Acusado: Proxenetismo Agravado", "Acusado: Pornografía Infantil", "survivor: Labour Trafficking", "Survivor Leadership Council",
		"Complainant: Toll Free", "fille Mère Célibataire", "enfant Soldat", "jeune Fille Haïtienne",
	} {
		texts = append(texts, said{text: text})
	}
	testSaid(t, texts)
}
