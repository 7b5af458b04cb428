package review

import "github.com/oas/tipstat/transform/record"

// words are the texts of the list in the four languages.
type words struct {
	sheet, title, counts, mend, beyond, file, cells, hidden, page string
	headings                                                      [7]string
	severity                                                      map[record.Severity]string
}

var texts = map[string]words{
	"en": {
		sheet: "Review (tipstat)", title: "What was found in %s",
		counts:   "Errors: %d. Warnings: %d. Remarks: %d. The file is taken in once no error is left.",
		mend:     "Mend the coloured cells in their own sheets and send this workbook again. This sheet, the colours and what comments say after [tipstat] are not read.",
		beyond:   "… and %d more findings: tipstat validate --format csv gives all of them.",
		file:     "the whole file",
		cells:    "%s and others, %d in all",
		hidden:   "hidden",
		page:     "Page &P of &N",
		headings: [7]string{"No.", "Severity", "Sheet", "Cell", "Code", "What is wrong", "What to do"},
		severity: map[record.Severity]string{record.Error: "error", record.Warning: "warning", record.Info: "remark"},
	},
	"es": {
		sheet: "Revisión (tipstat)", title: "Lo que se encontró en %s",
		counts:   "Errores: %d. Advertencias: %d. Observaciones: %d. El archivo se acepta cuando no queda ningún error.",
		mend:     "Corrija las celdas coloreadas en sus propias hojas y envíe de nuevo este libro. Esta hoja, los colores y lo que los comentarios dicen después de [tipstat] no se leen.",
		beyond:   "… y %d hallazgos más: tipstat validate --format csv los da todos.",
		file:     "todo el archivo",
		cells:    "%s y otras, %d en total",
		hidden:   "oculta",
		page:     "Página &P de &N",
		headings: [7]string{"N.º", "Gravedad", "Hoja", "Celda", "Código", "Qué está mal", "Qué hacer"},
		severity: map[record.Severity]string{record.Error: "error", record.Warning: "advertencia", record.Info: "observación"},
	},
	"pt": {
		sheet: "Revisão (tipstat)", title: "O que se encontrou em %s",
		counts:   "Erros: %d. Avisos: %d. Observações: %d. O arquivo é aceito quando não restar nenhum erro.",
		mend:     "Corrija as células coloridas nas próprias planilhas e envie de novo esta pasta de trabalho. Esta planilha, as cores e o que os comentários dizem depois de [tipstat] não são lidos.",
		beyond:   "… e mais %d achados: tipstat validate --format csv dá todos.",
		file:     "o arquivo inteiro",
		cells:    "%s e outras, %d no total",
		hidden:   "oculta",
		page:     "Página &P de &N",
		headings: [7]string{"N.º", "Gravidade", "Planilha", "Célula", "Código", "O que está errado", "O que fazer"},
		severity: map[record.Severity]string{record.Error: "erro", record.Warning: "aviso", record.Info: "observação"},
	},
	"fr": {
		sheet: "Révision (tipstat)", title: "Ce qui a été trouvé dans %s",
		counts:   "Erreurs : %d. Avertissements : %d. Remarques : %d. Le fichier est accepté quand il ne reste aucune erreur.",
		mend:     "Corrigez les cellules colorées dans leurs propres feuilles et renvoyez ce classeur. Cette feuille, les couleurs et ce que les commentaires disent après [tipstat] ne sont pas lus.",
		beyond:   "… et %d autres constats : tipstat validate --format csv les donne tous.",
		file:     "tout le fichier",
		cells:    "%s et d'autres, %d en tout",
		hidden:   "masquée",
		page:     "Page &P sur &N",
		headings: [7]string{"N°", "Gravité", "Feuille", "Cellule", "Code", "Ce qui ne va pas", "Que faire"},
		severity: map[record.Severity]string{record.Error: "erreur", record.Warning: "avertissement", record.Info: "remarque"},
	},
}

// word gives the texts of a language, or those in English.
func word(lang string) words {
	if w, ok := texts[lang]; ok {
		return w
	}
	return texts["en"]
}
