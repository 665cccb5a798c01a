package files

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"strings"

	scale "golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"homeroom/app/fault"
)

const (
	// previewSide is the longest side of a preview.
	previewSide = 1280
	// quality of JPEG: what a picture is stored with, and its preview.
	quality, previewQuality = 90, 82
	// mostSide is the longest side: rows are encoded whole.
	mostSide = 1<<16 - 1
	// mostFrames bounds what an animation takes beside its pixels: each frame has
	// a table of colours, which is some 30 KiB while it is read and written.
	mostFrames = 2000
	// mostScans bounds the work that a JPEG can ask for with few bytes: each
	// scan goes over the whole picture again. Programs write about ten, and of
	// the largest picture no more are taken.
	mostScans, mostScansOfLargest = 100, 10
	// perPixel is how many bytes a picture of the most pixels may take for each:
	// one that takes more for a pixel may have fewer.
	perPixel = 6
)

// Picture is one that was decoded. What it was made with (where, by whom, with
// which camera) is not in it any more.
type Picture struct {
	Width, Height int
	MediaType     string
	still         image.Image // as it is shown, the first frame
	frames        *gif.GIF    // of an animated one
}

var (
	broken   = fault.Malformed.With("the picture cannot be read")
	tooLarge = fault.Malformed.With("the picture is too large to be drawn")
)

// Read decodes a picture of a kind that has at most so many pixels, all its
// frames together. Its head is looked at first: the fault is Malformed where it
// would take more memory, and where it is broken.
func (k Kind) Read(from io.ReadSeeker, pixels int) (Picture, error) {
	turn, err := k.look(from, pixels)
	if err != nil {
		return Picture{}, err
	}
	if _, err := from.Seek(0, io.SeekStart); err != nil {
		return Picture{}, explain(err)
	}
	p := Picture{MediaType: k.MediaType}
	r := bufio.NewReaderSize(from, 64<<10)
	switch k.MediaType {
	case "image/png":
		p.still, err = png.Decode(r)
	case "image/jpeg":
		p.still, err = jpeg.Decode(r)
	case "image/webp":
		p.MediaType = "image/png"
		p.still, err = webp.Decode(r)
		if _, lossy := p.still.(*image.YCbCr); lossy {
			p.MediaType = "image/jpeg"
		}
	case "image/gif":
		p.frames, err = gif.DecodeAll(r)
		if err == nil {
			p.still = firstOf(p.frames)
		}
	}
	if err != nil || p.still == nil {
		return Picture{}, broken
	}
	if turn > 1 {
		if roomToTurn(p.still) > perPixel*pixels {
			return Picture{}, tooLarge
		}
		p.still = turned(p.still, turn)
	}
	p.Width, p.Height = p.still.Bounds().Dx(), p.still.Bounds().Dy()
	return p, nil
}

// look refuses from its head what has too many pixels, or would take more memory
// or work than a picture of so many should, and returns how it is to be turned, 0
// and 1: not at all.
func (k Kind) look(from io.ReadSeeker, most int) (turn int, err error) {
	var config image.Config
	pixels, bytes := 0, 4.0 // of a pixel
	for _, step := range []func() error{
		func() (err error) {
			switch r := bufio.NewReader(from); k.MediaType {
			case "image/png":
				config, err = png.DecodeConfig(r)
			case "image/jpeg":
				config, err = jpeg.DecodeConfig(r)
			case "image/webp":
				config, err = webp.DecodeConfig(r)
			case "image/gif":
				config.Width, config.Height, pixels, err = framesOf(r, most)
			}
			pixels = max(pixels, config.Width*config.Height)
			return err
		},
		func() (err error) {
			switch k.MediaType {
			case "image/png":
				turn, err = turnOfPNG(from)
			case "image/jpeg":
				var found survey
				found, err = surveyOf(bufio.NewReader(from))
				turn, bytes = found.turn, found.bytes()
				if found.scans > mostScansOfLargest && found.scans*pixels > mostScansOfLargest*most {
					err = errors.New("too many scans")
				}
			case "image/webp":
				turn, err = turnOfWebP(from)
			}
			return err
		},
	} {
		if _, err := from.Seek(0, io.SeekStart); err != nil {
			return 0, explain(err)
		}
		if err := step(); err != nil {
			return 0, broken
		}
		if config.Width <= 0 || config.Height <= 0 {
			return 0, broken
		}
		if pixels > most {
			return 0, fault.Malformed.With(fmt.Sprintf("the picture has more than %d pixels", most))
		}
		if config.Width > mostSide || config.Height > mostSide {
			return 0, tooLarge
		}
	}
	switch config.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model:
		bytes = 8
	}
	if bytes*float64(pixels) > float64(perPixel*most) {
		return 0, tooLarge
	}
	return turn, nil
}

// NameFor is the name of the file that the picture becomes: another extension
// where it is of another kind now.
func (p Picture) NameFor(name string) string {
	if kind, err := KindOf(name); err == nil && kind.MediaType == p.MediaType {
		return name
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	if p.MediaType == "image/jpeg" {
		return stem + ".jpg"
	}
	return stem + ".png"
}

// Write encodes the picture anew.
func (p Picture) Write(to io.Writer) error {
	switch p.MediaType {
	case "image/gif":
		return gif.EncodeAll(to, p.frames)
	case "image/jpeg":
		return jpeg.Encode(to, p.still, &jpeg.Options{Quality: quality})
	default:
		return png.Encode(to, plain(p.still))
	}
}

// WritePreview encodes it with at most previewSide pixels on its longer side.
func (p Picture) WritePreview(to io.Writer) error {
	w, h := p.Width, p.Height
	if longer := max(w, h); longer > previewSide {
		w, h = max(1, w*previewSide/longer), max(1, h*previewSide/longer)
	}
	seeThrough := !opaque(p.still)
	if !seeThrough {
		small := image.NewRGBA(image.Rect(0, 0, w, h))
		scale.ApproxBiLinear.Scale(small, small.Bounds(), p.still, p.still.Bounds(), scale.Src, nil)
		return jpeg.Encode(to, small, &jpeg.Options{Quality: previewQuality})
	}
	small := image.NewNRGBA(image.Rect(0, 0, w, h))
	scale.ApproxBiLinear.Scale(small, small.Bounds(), p.still, p.still.Bounds(), scale.Src, nil)
	return png.Encode(to, small)
}

func opaque(m image.Image) bool {
	o, ok := m.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// plain is a picture in a form that PNG is written from quickly.
func plain(m image.Image) image.Image {
	switch m.(type) {
	case *image.NYCbCrA, *image.YCbCr, *image.CMYK:
		drawn := image.NewNRGBA(m.Bounds())
		draw.Draw(drawn, drawn.Bounds(), m, m.Bounds().Min, draw.Src)
		return drawn
	}
	return m
}

// firstOf is the first frame on the whole screen of an animated picture.
func firstOf(g *gif.GIF) image.Image {
	if len(g.Image) == 0 {
		return nil
	}
	first := g.Image[0]
	screen := image.Rect(0, 0, g.Config.Width, g.Config.Height)
	if first.Bounds() == screen {
		return first
	}
	drawn := image.NewNRGBA(screen)
	draw.Draw(drawn, first.Bounds(), first, first.Bounds().Min, draw.Over)
	return drawn
}

// framesOf goes over a GIF without decoding it: its size, and the pixels of all
// its frames together.
func framesOf(r *bufio.Reader, most int) (width, height, pixels int, err error) {
	head := make([]byte, 13)
	if _, err := io.ReadFull(r, head); err != nil {
		return 0, 0, 0, err
	}
	if magic := string(head[:6]); magic != "GIF87a" && magic != "GIF89a" {
		return 0, 0, 0, errors.New("no GIF")
	}
	width, height = int(head[6])|int(head[7])<<8, int(head[8])|int(head[9])<<8
	skip := func(n int) error { _, err := r.Discard(n); return err }
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (1 + flags&7)
	}
	blocks := func() error {
		for {
			n, err := r.ReadByte()
			if err != nil || n == 0 {
				return err
			}
			if err := skip(int(n)); err != nil {
				return err
			}
		}
	}
	if err := skip(table(head[10])); err != nil {
		return 0, 0, 0, err
	}
	for frames := 0; ; {
		kind, err := r.ReadByte()
		if err != nil {
			return 0, 0, 0, err
		}
		switch kind {
		case 0x21:
			err = skip(1)
		case 0x2c:
			pixels += width * height
			if pixels > most {
				return width, height, pixels, nil
			}
			if frames++; frames > mostFrames {
				return 0, 0, 0, errors.New("too many frames")
			}
			if _, err := io.ReadFull(r, head[:9]); err != nil {
				return 0, 0, 0, err
			}
			err = skip(table(head[8]) + 1)
		case 0x3b:
			return width, height, pixels, nil
		default:
			err = errors.New("no GIF")
		}
		if err == nil {
			err = blocks()
		}
		if err != nil {
			return 0, 0, 0, err
		}
	}
}

// TypeOfPreview tells what a preview is, from its first byte.
func TypeOfPreview(from io.ReaderAt) (string, error) {
	var first [1]byte
	if _, err := from.ReadAt(first[:], 0); err != nil {
		return "", explain(err)
	}
	if first[0] == 0x89 {
		return "image/png", nil
	}
	return "image/jpeg", nil
}
