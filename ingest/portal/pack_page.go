package portal

import (
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/oas/tipstat/transform/record"
)

// packAgain is after how many seconds the page of a pack that is being made looks again.
const packAgain = 5

type packForm struct {
	Pack
	Lang  string
	Said  string
	Parts []packPart
}

type packPart struct{ Href, Name, Size string }

// packPage tells how the meeting pack stands in the language of the page.
func (s *Server) packPage(w http.ResponseWriter, r *http.Request, p *page) error {
	k, err := s.House.Tables.Pack(r.Context(), p.Lang)
	if err != nil {
		return err
	}
	f := packForm{Pack: k, Lang: p.Lang}
	if f.Said, err = text(p.Lang, "pack_"+k.State, "count", k.Ahead); err != nil {
		return err
	}
	if k.State == PackMaking {
		p.Again = packAgain
	}
	if k.State == PackReady {
		for i, part := range PackParts {
			name, err := text(p.Lang, "pack_part_"+part)
			if err != nil {
				return err
			}
			size, err := text(p.Lang, "pack_size", "size", fmt.Sprintf("%.1f", float64(k.Sizes[i])/1e6))
			if err != nil {
				return err
			}
			f.Parts = append(f.Parts, packPart{"/tables/pack/file?lang=" + p.Lang + "&part=" + part, name, size})
		}
	}
	p.Form = f
	if err := p.title("pack", "pack_title"); err != nil {
		return err
	}
	return s.show(w, r, p)
}

// packMake has it made.
func (s *Server) packMake(w http.ResponseWriter, r *http.Request, p *page) error {
	v, err := form(w, r)
	if err != nil {
		return err
	}
	lang := v.Get("lang")
	if !slices.Contains(record.Languages, lang) {
		return NotInTable{"lang", lang}
	}
	now, err := s.House.Tables.Published(r.Context())
	if err != nil {
		return err
	}
	if err := s.Access.Record(r.Context(), p.session.Actor(), "pack.asked", "publication:"+now.Version, "lang="+lang); err != nil {
		return err
	}
	if err := s.House.Tables.MakePack(r.Context(), lang); err != nil {
		return err
	}
	return s.away(w, r, "/tables/pack?lang="+lang)
}

// packFile gives a part of it; who was cut off goes on where the line broke (Range).
func (s *Server) packFile(w http.ResponseWriter, r *http.Request, p *page) error {
	now, err := s.House.Tables.Published(r.Context())
	if err != nil {
		return err
	}
	part := r.URL.Query().Get("part")
	f, err := s.House.Tables.PackFile(r.Context(), p.Lang, part)
	if err != nil {
		return err
	}
	file, err := os.Open(f.Path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	attach(w, f.Name, f.Kind)
	w.Header().Set("ETag", fmt.Sprintf("%q", now.Version+"-"+p.Lang+"-"+part))
	w.Header().Set("Cache-Control", "private, no-cache")
	http.ServeContent(w, r, "", info.ModTime(), file)
	return nil
}
