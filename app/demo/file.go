package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// withFiles is how many classes have files, so that a large school is made as
// fast as a small one.
const withFiles = 6

// attached is a file as it is planned.
type attached struct {
	name    string
	content func() ([]byte, error)
}

// classFiles are what somebody sends in a class.
var classFiles = map[language][]attached{
	english: {
		{"measurements.png", drawing},
		{"timetable.csv", text("day,lesson,room\nMonday,Physics,B204\nTuesday,Art,A110\nThursday,Physics,B204\nFriday,Sport,Hall\n")},
		{"packing list.txt", text("For the trip:\n- a rain jacket\n- something to write with\n- lunch\n- a drink\n")},
	},
	chinese: {
		{"测量结果.png", drawing},
		{"课表.csv", text("星期,课程,教室\n周一,物理,B204\n周二,美术,A110\n周四,物理,B204\n周五,体育,操场\n")},
		{"出行清单.txt", text("出行要带：\n- 雨衣\n- 纸和笔\n- 午饭\n- 水\n")},
	},
}

func text(of string) func() ([]byte, error) {
	return func() ([]byte, error) { return []byte(of), nil }
}

// attach gives some of the messages of a class a file.
func (t *talk) attach() {
	some := classFiles[t.class.language]
	for i, file := range some {
		for at := len(t.messages) * (i + 1) / (len(some) + 1); at < len(t.messages); at++ {
			if m := t.messages[at]; !m.deleted && m.file == nil {
				m.file = &file
				break
			}
		}
	}
}

// drawing is a curve with its measured points on squared paper.
func drawing() ([]byte, error) {
	const w, h = 960, 540
	paper, square, ink, dot := color.RGBA{255, 253, 248, 255}, color.RGBA{221, 228, 236, 255}, color.RGBA{31, 94, 168, 255}, color.RGBA{196, 63, 36, 255}
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := paper
			if x%30 == 0 || y%30 == 0 {
				c = square
			}
			m.SetRGBA(x, y, c)
		}
	}
	blot := func(x, y, r int, c color.RGBA) {
		for dy := -r; dy <= r; dy++ {
			for dx := -r; dx <= r; dx++ {
				if dx*dx+dy*dy <= r*r {
					m.SetRGBA(x+dx, y+dy, c)
				}
			}
		}
	}
	curve := func(x int) int {
		t := float64(x) / w
		return h/2 - int(180*math.Exp(-2*t)*math.Cos(14*t))
	}
	for x := 30; x < w-30; x++ {
		blot(x, curve(x), 2, ink)
	}
	for x := 60; x < w-30; x += 60 {
		blot(x, curve(x)+(x/60*7)%15-7, 6, dot)
	}
	var b bytes.Buffer
	err := png.Encode(&b, m)
	return b.Bytes(), err
}
