package files

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/fault"
)

// flag is a picture whose top left quarter is red: one sees how it is turned.
func flag(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{20, 20, 200, 255}
			if x < w/2 && y < h/2 {
				c = color.RGBA{220, 20, 20, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, nil))
	return b.Bytes()
}

// exif is what a camera writes: how the picture is to be turned, and where it
// was taken.
func exif(turn uint16, order binary.AppendByteOrder) []byte {
	b := []byte("MM")
	if order == binary.AppendByteOrder(binary.LittleEndian) {
		b = []byte("II")
	}
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, entry := range [][2]uint16{{0x010f, 0}, {0x0112, turn}} {
		b = order.AppendUint16(b, entry[0])
		b = order.AppendUint16(b, 3)
		b = order.AppendUint32(b, 1)
		b = order.AppendUint16(b, entry[1])
		b = order.AppendUint16(b, 0)
	}
	return append(b, "\x00\x00\x00\x00GPS 52.5200N 13.4050E Canon EOS"...)
}

// photograph is a JPEG with EXIF.
func photograph(t testing.TB, m image.Image, turn uint16, order binary.AppendByteOrder) []byte {
	t.Helper()
	plain := asJPEG(t, m)
	segment := append([]byte("Exif\x00\x00"), exif(turn, order)...)
	b := append([]byte{}, plain[:2]...)
	b = append(b, 0xff, 0xe1)
	b = binary.BigEndian.AppendUint16(b, uint16(len(segment)+2))
	return append(append(b, segment...), plain[2:]...)
}

func chunk(name string, data []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	b = append(append(b, name...), data...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pixels is what a server takes unless it is told otherwise.
const pixels = 40_000_000

func read(name string, content []byte) (Picture, error) {
	kind, err := KindOf(name)
	if err != nil {
		return Picture{}, err
	}
	return kind.Read(bytes.NewReader(content), pixels)
}

// stored is a picture as it is stored, and its preview.
func stored(t testing.TB, name string, content []byte) (p Picture, whole, small []byte) {
	t.Helper()
	p, err := read(name, content)
	require.NoError(t, err, name)
	var a, b bytes.Buffer
	require.NoError(t, p.Write(&a))
	require.NoError(t, p.WritePreview(&b))
	return p, a.Bytes(), b.Bytes()
}

func isRed(m image.Image, x, y int) bool {
	r, _, b, _ := m.At(x, y).RGBA()
	return r > b
}

// Where the red quarter of a picture is, by how EXIF says that it is turned.
var corners = map[uint16][2]int{1: {0, 0}, 2: {1, 0}, 3: {1, 1}, 4: {0, 1}, 5: {0, 0}, 6: {1, 0}, 7: {1, 1}, 8: {0, 1}}

func TestAPictureIsTurnedAsTheCameraSaysAndTellsNothingOfIt(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 64, 32))
	for turn, corner := range corners {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			p, whole, small := stored(t, "a.jpg", photograph(t, flag(64, 32), turn, order))
			require.NotContains(t, string(whole)+string(small), "GPS")
			require.NotContains(t, string(whole)+string(small), "Exif")
			w, h := 64, 32
			if turn >= 5 {
				w, h = h, w
			}
			require.Equal(t, []int{w, h}, []int{p.Width, p.Height})
			for _, encoded := range [][]byte{whole, small} {
				m, err := jpeg.Decode(bytes.NewReader(encoded))
				require.NoError(t, err)
				require.Equal(t, image.Rect(0, 0, w, h), m.Bounds())
				for _, at := range [][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
					require.Equal(t, at == corner, isRed(m, w/4+at[0]*w/2, h/4+at[1]*h/2), "turn %d at %v", turn, at)
				}
			}
		}
		p, _, _ := stored(t, "a.jpg", photograph(t, gray, turn, binary.BigEndian))
		require.Equal(t, turn >= 5, p.Width == 32)

		plain := asPNG(t, flag(64, 32))
		turned := append(append(append([]byte{}, plain[:33]...), chunk("eXIf", exif(turn, binary.BigEndian))...), plain[33:]...)
		p, whole, _ := stored(t, "a.png", turned)
		require.NotContains(t, string(whole), "GPS")
		m, err := png.Decode(bytes.NewReader(whole))
		require.NoError(t, err)
		require.Equal(t, p.Width, m.Bounds().Dx())
		require.True(t, isRed(m, m.Bounds().Dx()/4+corner[0]*m.Bounds().Dx()/2, m.Bounds().Dy()/4+corner[1]*m.Bounds().Dy()/2), "turn %d", turn)
	}
	for _, m := range []image.Image{
		image.NewYCbCr(image.Rect(0, 0, 5, 3), image.YCbCrSubsampleRatio422), image.NewYCbCr(image.Rect(0, 0, 5, 3), image.YCbCrSubsampleRatio440),
		image.NewYCbCr(image.Rect(0, 0, 5, 3), image.YCbCrSubsampleRatio411), image.NewYCbCr(image.Rect(0, 0, 5, 3), image.YCbCrSubsampleRatio410),
		image.NewYCbCr(image.Rect(0, 0, 5, 3), image.YCbCrSubsampleRatio420), image.NewCMYK(image.Rect(0, 0, 5, 3)),
	} {
		for turn := 1; turn <= 8; turn++ {
			got := turned(m, turn).Bounds()
			require.Equal(t, turn >= 5, got.Dx() == 3, "%T %d", m, turn)
		}
	}
}

func TestAPreviewIsSmallAndKeepsWhatShowsThrough(t *testing.T) {
	_, _, small := stored(t, "a.png", asPNG(t, flag(2000, 900)))
	m, err := jpeg.Decode(bytes.NewReader(small))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 1280, 576), m.Bounds())

	through := image.NewNRGBA(image.Rect(0, 0, 10, 3000))
	through.SetNRGBA(3, 3, color.NRGBA{255, 0, 0, 255})
	_, _, small = stored(t, "a.png", asPNG(t, through))
	m, err = png.Decode(bytes.NewReader(small))
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 4, 1280), m.Bounds())
	_, _, _, alpha := m.At(3, 600).RGBA()
	require.Zero(t, alpha)
}

func animated(frames, side int) *gif.GIF {
	g := &gif.GIF{LoopCount: 3, Config: image.Config{Width: side, Height: side}}
	for i := range frames {
		m := image.NewPaletted(image.Rect(0, 0, side, side), palette.Plan9)
		m.Pix[0] = byte(i)
		g.Image, g.Delay = append(g.Image, m), append(g.Delay, 7)
	}
	return g
}

func asGIF(t testing.TB, g *gif.GIF) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, gif.EncodeAll(&b, g))
	return b.Bytes()
}

func TestAnAnimationStaysOne(t *testing.T) {
	p, whole, small := stored(t, "a.gif", asGIF(t, animated(5, 40)))
	require.Equal(t, "image/gif", p.MediaType)
	got, err := gif.DecodeAll(bytes.NewReader(whole))
	require.NoError(t, err)
	require.Len(t, got.Image, 5)
	require.Equal(t, 3, got.LoopCount)
	require.Equal(t, []int{7, 7, 7, 7, 7}, got.Delay)
	_, err = jpeg.DecodeConfig(bytes.NewReader(small))
	require.NoError(t, err)
}

// Both are of one pixel, one lossy, one not.
const (
	lossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	lossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
)

func TestAWebPBecomesWhatEveryBrowserShows(t *testing.T) {
	for encoded, want := range map[string][2]string{lossy: {"image/jpeg", "photo.jpg"}, lossless: {"image/png", "photo.png"}} {
		content, err := base64.StdEncoding.DecodeString(encoded)
		require.NoError(t, err)
		require.NoError(t, check("photo.webp", content))
		p, _, _ := stored(t, "photo.webp", content)
		require.Equal(t, want, [2]string{p.MediaType, p.NameFor("photo.webp")})
	}
	require.Equal(t, "a.jpeg", Picture{MediaType: "image/jpeg"}.NameFor("a.jpeg"))
	require.Equal(t, "a.JPG", Picture{MediaType: "image/jpeg"}.NameFor("a.JPG"))
}

// claims is a picture that says that it is so large, and holds nothing of it.
func claims(name string, w, h uint32) []byte {
	switch name {
	case "a.png", "deep.png":
		head := binary.BigEndian.AppendUint32(nil, w)
		head = binary.BigEndian.AppendUint32(head, h)
		depth := byte(8)
		if name == "deep.png" {
			depth = 16
		}
		head = append(head, depth, 6, 0, 0, 0)
		return append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...), append(chunk("IDAT", []byte{0x78, 0x9c}), chunk("IEND", nil)...)...)
	case "a.jpg":
		b := []byte{0xff, 0xd8, 0xff, 0xc0, 0, 17, 8}
		b = binary.BigEndian.AppendUint16(b, uint16(h))
		b = binary.BigEndian.AppendUint16(b, uint16(w))
		return append(b, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 0xff, 0xd9)
	case "a.gif":
		b := []byte("GIF89a")
		b = binary.LittleEndian.AppendUint16(b, uint16(w))
		b = binary.LittleEndian.AppendUint16(b, uint16(h))
		return append(b, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 1, 0, 0, 0x3b)
	}
	body := []byte{0x10, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), byte((w - 1) >> 16), byte(h - 1), byte((h - 1) >> 8), byte((h - 1) >> 16)}
	b := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+12))
	b = append(b, "WEBPVP8X"...)
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(body))), body...)
}

func TestThreat29APictureThatUnpacksToTooMuchIsRefusedByItsHead(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	refused := 0
	for name, sizes := range map[string][][2]uint32{
		"a.png":    {{65535, 65535}, {40_001, 1000}, {1 << 30, 1}, {1 << 30, 1 << 30}},
		"deep.png": {{30_001, 1000}},
		"a.jpg":    {{65535, 65535}, {40_001, 1000}},
		"a.gif":    {{65535, 65535}, {40_001, 1000}},
		"a.webp":   {{16383, 16383}, {1 << 24, 1 << 24}},
	} {
		for _, size := range sizes {
			kind := name
			if name == "deep.png" {
				kind = "a.png"
			}
			_, err := read(kind, claims(name, size[0], size[1]))
			require.ErrorIs(t, err, fault.Malformed, "%s %v", name, size)
			refused++
		}
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "of all of them together")
	chaostest.Figures("T29", "claims=%d allocated=%.1fMiB of them together", refused, float64(after.TotalAlloc-before.TotalAlloc)/(1<<20))

	// Small frames, and many of them: 25 of 1,300 pixels square are 42 million.
	_, err := read("a.gif", asGIF(t, animated(25, 1300)))
	require.ErrorIs(t, err, fault.Malformed)
	require.ErrorContains(t, err, "40000000 pixels")

	// Few bytes that ask to go over the picture again and again.
	again := asJPEG(t, flag(16, 16))
	at := bytes.Index(again, []byte{0xff, 0xda})
	scan := again[at : len(again)-2]
	many := append(append([]byte{}, again[:at]...), bytes.Repeat(scan, mostScans+1)...)
	_, err = read("a.jpg", append(many, 0xff, 0xd9))
	require.ErrorIs(t, err, fault.Malformed)
}

func TestAPictureThatIsCutOrBrokenIsRefusedAndNothingElseHappens(t *testing.T) {
	webp, err := base64.StdEncoding.DecodeString(lossy)
	require.NoError(t, err)
	for name, whole := range map[string][]byte{
		"a.png": asPNG(t, flag(40, 30)), "a.jpg": photograph(t, flag(40, 30), 6, binary.LittleEndian), "a.gif": asGIF(t, animated(2, 8)), "a.webp": webp,
	} {
		for cut := range len(whole) - 1 {
			if _, err := read(name, whole[:cut]); err != nil {
				require.ErrorIs(t, err, fault.Malformed, "%s cut at %d", name, cut)
			}
		}
	}
}

func FuzzPicture(f *testing.F) {
	webp, err := base64.StdEncoding.DecodeString(lossy)
	require.NoError(f, err)
	for i, seed := range [][]byte{asPNG(f, flag(4, 3)), photograph(f, flag(4, 3), 6, binary.BigEndian), asGIF(f, animated(2, 3)), webp} {
		f.Add(byte(i), seed)
	}
	names := []string{"a.png", "a.jpg", "a.gif", "a.webp"}
	f.Fuzz(func(t *testing.T, kind byte, content []byte) {
		name := names[int(kind)%len(names)]
		if err := check(name, content); err != nil {
			require.ErrorIs(t, err, fault.WrongMedia)
		}
		p, err := read(name, content)
		if err != nil {
			require.ErrorIs(t, err, fault.Malformed)
			return
		}
		require.LessOrEqual(t, p.Width*p.Height, pixels)
		if p.Width*p.Height > 1<<20 {
			return // what a fuzzer has time for
		}
		var whole, small bytes.Buffer
		require.NoError(t, p.Write(&whole))
		require.NoError(t, p.WritePreview(&small))
		again, err := read(p.NameFor(name), whole.Bytes())
		require.NoError(t, err, "what is stored can be read")
		require.Equal(t, []int{p.Width, p.Height}, []int{again.Width, again.Height})
	})
}

// TestThreat29APictureThatIsSmallOnDiskTakesNoMoreMemoryThanItsPixels gives
// pictures whose pixels are few enough, and what they take besides is not.
func TestThreat29APictureThatIsSmallOnDiskTakesNoMoreMemoryThanItsPixels(t *testing.T) {
	frame := []byte{0x21, 0xf9, 4, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0}
	frames := func(n int) []byte {
		b := append([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"), 0, 0, 0, 255, 255, 255)
		return append(append(b, bytes.Repeat(frame, n)...), 0x3b)
	}
	p, err := read("a.gif", frames(mostFrames))
	require.NoError(t, err)
	require.Equal(t, 1, p.Width)

	wide := image.NewGray(image.Rect(0, 0, mostSide+1, 1))
	flat := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	// A picture for print of 20 million pixels that comes in steps, by its head.
	inSteps := append([]byte{0xff, 0xd8, 0xff, 0xc2, 0, 20, 8, 0x10, 0, 0x13, 0x88, 4}, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0)
	inSteps = append(inSteps, 0xff, 0xd9)
	for name, content := range map[string][]byte{
		"too many frames.gif": frames(mostFrames + 1), "far too many frames.gif": frames(100_000),
		"a row.png": asPNG(t, wide), "in steps.jpg": inSteps, "too many scans.jpg": withScans(flat, mostScans),
	} {
		before := allocated()
		_, err := read(name, content)
		require.ErrorIs(t, err, fault.Malformed, name)
		require.Less(t, allocated()-before, uint64(4<<20), name)
	}
	require.InDelta(t, 20, survey{parts: 4, samples: 4, progressive: true}.bytes()-4, 0.01)

	// Of 40 million pixels ten scans are taken and not eleven.
	large := func(scans int) error {
		b := append([]byte{0xff, 0xd8, 0xff, 0xc2, 0, 11, 8, 0x1f, 0x40, 0x13, 0x88, 1}, 1, 0x11, 0)
		for range scans {
			b = append(b, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0)
		}
		kind, err := KindOf("a.jpg")
		require.NoError(t, err)
		_, err = kind.look(bytes.NewReader(append(b, 0xff, 0xd9)), pixels)
		return err
	}
	require.NoError(t, large(mostScansOfLargest))
	require.Error(t, large(mostScansOfLargest+1))
}

// withScans puts scans that hold nothing before the end of a JPEG.
func withScans(whole []byte, n int) []byte {
	scan := []byte{0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0}
	end := len(whole) - 2
	return append(append(append([]byte{}, whole[:end]...), bytes.Repeat(scan, n)...), whole[end:]...)
}

// allocated is how many bytes were ever taken.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}
