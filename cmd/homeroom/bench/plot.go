package bench

import (
	"bytes"
	"fmt"
	"html"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// Plots writes latency.svg and cpu.svg into a folder, which it makes: how long
// deliveries took, and what each cost, the product beside the floor at every
// rate.
func (r *Report) Plots(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "latency.svg"), r.latencyPlot(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "cpu.svg"), r.cpuPlot(), 0o644)
}

// The two series of every plot, told apart by lightness and dashes too.
const (
	floorColour   = "#9aa3ad"
	productColour = "#1f6feb"
)

// canvas is an SVG of fixed size with a plotting area inside.
type canvas struct{ bytes.Buffer }

const (
	width, height             = 720, 420
	left, right, top, bottom  = 70, 690, 60, 360
	areaWidth, areaHeight     = float64(right - left), float64(bottom - top)
	small, muted, line, ink   = 12, "#5b6570", "#d9dee3", "#1d2329"
	fontFamily, latencyFooter = "system-ui, sans-serif", "share of deliveries that took at most so long"
)

func newCanvas(title string) *canvas {
	c := &canvas{}
	fmt.Fprintf(c, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="%s" font-size="%d" role="img" aria-label="%s">`+"\n",
		width, height, fontFamily, small, html.EscapeString(title))
	fmt.Fprintf(c, `<rect width="%d" height="%d" fill="#fff"/>`+"\n", width, height)
	c.text(left, 26, "start", ink, title)
	return c
}

func (c *canvas) text(x, y float64, anchor, colour, text string) {
	fmt.Fprintf(c, `<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`+"\n", x, y, anchor, colour, html.EscapeString(text))
}

// level draws a line across the area, with its value.
func (c *canvas) level(y float64, label string) {
	fmt.Fprintf(c, `<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="%s"/>`+"\n", left, right, y, y, line)
	c.text(left-8, y+4, "end", muted, label)
}

func (c *canvas) close() []byte {
	c.WriteString("</svg>\n")
	return c.Bytes()
}

func (r *Report) latencyPlot() []byte {
	c := newCanvas("Latency of deliveries, ms")
	most := 1.0
	for _, p := range r.Runs {
		most = max(most, last(p.Floor.Delivery.Curve), last(p.Product.Delivery.Curve))
	}
	// Both axes are logarithmic: what matters is the tail, in multiples.
	decades := math.Ceil(math.Log10(most)) + 1 // from 0.1 ms up
	at := func(ms float64) float64 {
		return bottom - areaHeight*math.Log10(max(ms, 0.1)/0.1)/decades
	}
	for d := range int(decades) + 1 {
		ms := 0.1 * math.Pow10(d)
		c.level(at(ms), strconv.FormatFloat(ms, 'g', -1, 64))
	}
	step := areaWidth / float64(len(shares)-1)
	for i, share := range shares {
		c.text(left+step*float64(i), bottom+18, "middle", muted, strconv.FormatFloat(100*share, 'g', -1, 64)+" %")
	}
	c.text((left+right)/2, bottom+42, "middle", muted, latencyFooter)
	for i, p := range r.Runs {
		c.curve(p.Floor.Delivery.Curve, step, at, floorColour, i)
		c.curve(p.Product.Delivery.Curve, step, at, productColour, i)
		x := float64(left + 90*i)
		fmt.Fprintf(c, `<line x1="%.0f" x2="%.0f" y1="41" y2="41" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`+"\n", x, x+24, muted, dashes[i%len(dashes)])
		c.text(x+30, 45, "start", muted, fmt.Sprintf("%g/s", p.Rate))
	}
	c.legend()
	return c.close()
}

// dashes tell the runs apart.
var dashes = []string{"none", "6 3", "2 3"}

// curve draws a distribution.
func (c *canvas) curve(ms []float64, step float64, at func(float64) float64, colour string, run int) {
	fmt.Fprintf(c, `<polyline fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s" points="`, colour, dashes[run%len(dashes)])
	for i, v := range ms {
		fmt.Fprintf(c, "%.1f,%.1f ", left+step*float64(i), at(v))
	}
	c.WriteString("\"/>\n")
}

func (r *Report) cpuPlot() []byte {
	c := newCanvas("Processor time of the server per delivery, µs")
	most := 1.0
	for _, p := range r.Runs {
		most = max(most, p.Floor.CPUPerDelivery, p.Product.CPUPerDelivery)
	}
	unit := math.Pow10(int(math.Log10(most)))
	if most/unit < 3 {
		unit /= 2
	}
	scale := areaHeight / (math.Ceil(most/unit) * unit)
	for v := 0.0; v <= math.Ceil(most/unit)*unit; v += unit {
		c.level(bottom-v*scale, strconv.FormatFloat(v, 'g', -1, 64))
	}
	group := areaWidth / float64(max(len(r.Runs), 1))
	for i, p := range r.Runs {
		middle := left + group*(float64(i)+0.5)
		c.bar(middle-group/4, group/4-3, p.Floor.CPUPerDelivery, scale, floorColour)
		c.bar(middle+3, group/4-3, p.Product.CPUPerDelivery, scale, productColour)
		c.text(middle, bottom+18, "middle", muted, fmt.Sprintf("%g messages/s", p.Rate))
		c.text(middle, bottom+36, "middle", ink, fmt.Sprintf("%.2f × the floor", p.Ratio))
	}
	c.legend()
	return c.close()
}

func (c *canvas) bar(x, w, value, scale float64, colour string) {
	fmt.Fprintf(c, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, bottom-value*scale, w, value*scale, colour)
	c.text(x+w/2, bottom-value*scale-6, "middle", ink, fmt.Sprintf("%.1f", value))
}

func (c *canvas) legend() {
	for i, s := range []struct{ name, colour string }{{"floor", floorColour}, {"homeroom", productColour}} {
		x := float64(right - 180 + 80*i)
		fmt.Fprintf(c, `<rect x="%.0f" y="17" width="10" height="10" fill="%s"/>`+"\n", x, s.colour)
		c.text(x+16, 26, "start", muted, s.name)
	}
}

func last(curve []float64) float64 {
	if len(curve) == 0 {
		return 0
	}
	return curve[len(curve)-1]
}
