package files

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"io"
)

// mostExif is how many bytes of EXIF are read: JPEG has room for no more.
const mostExif = 64 << 10

// turnOf reads from EXIF how a picture is to be turned, 1 where it does not say.
func turnOf(exif []byte) int {
	exif = bytes.TrimPrefix(exif, []byte("Exif\x00\x00"))
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case len(exif) < 8:
		return 1
	case string(exif[:2]) == "MM":
		order = binary.BigEndian
	case string(exif[:2]) != "II":
		return 1
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// survey is what a JPEG says of itself before it is decoded.
type survey struct {
	turn, scans int
	parts       int     // components
	samples     float64 // of a pixel, in all components
	progressive bool
}

// bytes is what a pixel takes while it is decoded: its samples; of a progressive
// picture the coefficients of all of it, four bytes each; of one for print a
// copy.
func (s survey) bytes() float64 {
	bytes := s.samples
	if s.progressive {
		bytes += 4 * s.samples
	}
	if s.parts == 4 {
		bytes += 4
	}
	return bytes
}

// frame reads the segment that begins a picture. What it says wrong is the
// decoder's to say.
func (s *survey) frame(segment []byte) {
	if len(segment) < 6 {
		return
	}
	s.parts = int(segment[5])
	widest, highest, sum := 1, 1, 0
	for i := range s.parts {
		if len(segment) < 6+3*(i+1) {
			return
		}
		h, v := int(segment[6+3*i+1]>>4), int(segment[6+3*i+1]&15)
		widest, highest, sum = max(widest, h), max(highest, v), sum+h*v
	}
	s.samples = float64(sum) / float64(widest*highest)
	if s.parts == 1 {
		s.samples = 1
	}
}

// surveyOf goes over a JPEG without decoding it, and refuses one of too many
// scans.
func surveyOf(r *bufio.Reader) (s survey, err error) {
	s.turn = 1
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || head != [2]byte{0xff, 0xd8} {
		return s, errors.New("no JPEG")
	}
	for {
		marker, err := nextMarker(r)
		if errors.Is(err, io.EOF) {
			return s, nil // whether it is cut is the decoder's to say
		}
		if err != nil {
			return s, err
		}
		switch {
		case marker == 0xd9:
			return s, nil
		case marker == 0x01 || marker >= 0xd0 && marker <= 0xd8:
			continue // these stand alone
		case marker == 0xda:
			if s.scans++; s.scans > mostScans {
				return s, errors.New("too many scans")
			}
		}
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return s, nil
		}
		length := int(binary.BigEndian.Uint16(head[:])) - 2
		if length < 0 {
			return s, errors.New("no JPEG")
		}
		begins := marker >= 0xc0 && marker <= 0xc2
		if !begins && (marker != 0xe1 || s.turn != 1) {
			if _, err := r.Discard(length); err != nil {
				return s, nil
			}
			continue
		}
		segment := make([]byte, length)
		if _, err := io.ReadFull(r, segment); err != nil {
			return s, nil
		}
		switch {
		case begins:
			s.progressive = marker == 0xc2
			s.frame(segment)
		case bytes.HasPrefix(segment, []byte("Exif\x00\x00")):
			s.turn = turnOf(segment)
		}
	}
}

// nextMarker passes over what a scan holds to the marker that follows.
func nextMarker(r *bufio.Reader) (byte, error) {
	for {
		b, err := r.ReadByte()
		if err != nil {
			return 0, err
		}
		for b == 0xff {
			if b, err = r.ReadByte(); err != nil {
				return 0, err
			}
			if b != 0 && b != 0xff {
				return b, nil
			}
		}
	}
}

// turnOfPNG looks for the EXIF of a PNG.
func turnOfPNG(r io.ReadSeeker) (int, error) {
	if _, err := r.Seek(8, io.SeekStart); err != nil {
		return 0, err
	}
	return turnInChunks(r, func(head []byte) (string, int64, int64) {
		return string(head[4:]), int64(binary.BigEndian.Uint32(head)), 4 // a checksum follows
	}, "eXIf")
}

// turnOfWebP looks for the EXIF of a WebP.
func turnOfWebP(r io.ReadSeeker) (int, error) {
	if _, err := r.Seek(12, io.SeekStart); err != nil {
		return 0, err
	}
	return turnInChunks(r, func(head []byte) (string, int64, int64) {
		length := int64(binary.LittleEndian.Uint32(head[4:]))
		return string(head[:4]), length, length & 1 // to an even place
	}, "EXIF")
}

// turnInChunks goes over chunks, each with a head of eight bytes. What is broken
// is the decoder's to say.
func turnInChunks(r io.ReadSeeker, read func(head []byte) (name string, length, after int64), wanted string) (int, error) {
	var head [8]byte
	for {
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return 1, nil
		}
		name, length, after := read(head[:])
		if name == wanted {
			exif, err := io.ReadAll(io.LimitReader(r, min(length, mostExif)))
			return turnOf(exif), err
		}
		if _, err := r.Seek(length+after, io.SeekCurrent); err != nil {
			return 0, err
		}
	}
}

// roomToTurn is how many bytes a picture and what it is turned into take.
func roomToTurn(m image.Image) int {
	pixels := m.Bounds().Dx() * m.Bounds().Dy()
	switch from := m.(type) {
	case *image.YCbCr:
		if from.SubsampleRatio != image.YCbCrSubsampleRatio411 && from.SubsampleRatio != image.YCbCrSubsampleRatio410 {
			return 2 * (len(from.Y) + len(from.Cb) + len(from.Cr))
		}
	case *image.Gray:
		return 2 * pixels
	case *image.NRGBA64, *image.RGBA64:
		return (8 + 8) * pixels
	}
	return (4 + 8) * pixels
}

// turned is a picture as EXIF says that it is shown. What camera phones write
// is turned plane by plane, without a copy in another form.
func turned(m image.Image, turn int) image.Image {
	b := m.Bounds()
	w, h := b.Dx(), b.Dy()
	if turn >= 5 {
		w, h = h, w
	}
	if from, ok := m.(*image.YCbCr); ok {
		ratio := from.SubsampleRatio
		if turn >= 5 {
			ratio = turnedRatio(ratio)
		}
		if ratio >= 0 {
			to := image.NewYCbCr(image.Rect(0, 0, w, h), ratio)
			fromW, fromH := chroma(b.Dx(), b.Dy(), from.SubsampleRatio)
			turnPlane(to.Y, to.YStride, from.Y, from.YStride, b.Dx(), b.Dy(), 1, turn)
			turnPlane(to.Cb, to.CStride, from.Cb, from.CStride, fromW, fromH, 1, turn)
			turnPlane(to.Cr, to.CStride, from.Cr, from.CStride, fromW, fromH, 1, turn)
			return to
		}
	}
	if from, ok := m.(*image.Gray); ok {
		to := image.NewGray(image.Rect(0, 0, w, h))
		turnPlane(to.Pix, to.Stride, from.Pix, from.Stride, b.Dx(), b.Dy(), 1, turn)
		return to
	}
	from := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(from, from.Bounds(), m, b.Min, draw.Src)
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	turnPlane(to.Pix, to.Stride, from.Pix, from.Stride, b.Dx(), b.Dy(), 4, turn)
	return to
}

// turnedRatio is that of a picture that lies on its side, below 0 for one that
// there is none for.
func turnedRatio(r image.YCbCrSubsampleRatio) image.YCbCrSubsampleRatio {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return image.YCbCrSubsampleRatio440
	case image.YCbCrSubsampleRatio440:
		return image.YCbCrSubsampleRatio422
	case image.YCbCrSubsampleRatio444, image.YCbCrSubsampleRatio420:
		return r
	}
	return -1
}

// chroma is the size of the planes of colour.
func chroma(w, h int, r image.YCbCrSubsampleRatio) (int, int) {
	switch r {
	case image.YCbCrSubsampleRatio422:
		return (w + 1) / 2, h
	case image.YCbCrSubsampleRatio420:
		return (w + 1) / 2, (h + 1) / 2
	case image.YCbCrSubsampleRatio440:
		return w, (h + 1) / 2
	case image.YCbCrSubsampleRatio411:
		return (w + 3) / 4, h
	case image.YCbCrSubsampleRatio410:
		return (w + 3) / 4, (h + 1) / 2
	}
	return w, h
}

// turnPlane copies w by h pixels of so many bytes to where they are shown.
func turnPlane(to []byte, toStride int, from []byte, fromStride, w, h, bytes, turn int) {
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turn {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(to[ty*toStride+tx*bytes:][:bytes], from[y*fromStride+x*bytes:])
		}
	}
}
