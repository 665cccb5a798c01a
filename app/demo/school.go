package demo

import (
	"fmt"
	"math/rand/v2"
)

type language int

const (
	english language = iota
	chinese
)

// subject is what a class learns, and which conversations fit it.
type subject struct{ name, field, about string }

var subjects = map[language][]subject{
	english: {
		{"Physics", "physics", "Forces, energy and why things fall."},
		{"Mathematics", "math", "Bring a pencil and some patience."},
		{"English Literature", "language", "We read one book a month."},
		{"Computer Science", "code", "Python, and thinking in small steps."},
		{"Biology", "science", "From cells to forests."},
		{"World History", "history", "Sources first, opinions second."},
		{"Chemistry", "science", "Goggles on."},
		{"Geography", "science", "Maps, weather and people."},
		{"Spanish", "language", "¡Aquí se habla español!"},
		{"Art", "", "Sketchbooks are collected on Fridays."},
		{"Music", "", "Choir rehearses at lunch."},
		{"Economics", "math", "Choices, and what they cost."},
		{"Philosophy", "history", ""},
		{"Statistics", "math", "What the numbers say and what they do not."},
	},
	chinese: {
		{"语文", "language", "每周一篇随笔。"},
		{"数学", "math", "过程比答案重要。"},
		{"英语", "language", "Speak up!"},
		{"物理", "physics", "力、热、光、电。"},
		{"化学", "science", "进实验室请戴护目镜。"},
		{"生物", "science", ""},
		{"历史", "history", "先看史料，再下结论。"},
		{"地理", "science", "带好地图册。"},
		{"信息技术", "code", "用 Python 解决小问题。"},
		{"美术", "", ""},
	},
}

// class is one class as it is planned.
type class struct {
	subject
	language language
	title    string
	threads  []thread
	members  []*person // the owner, the assistant, then the students
	messages int
}

// thread is one thread as it is planned.
type thread struct {
	name, kind string
	id         int64
}

var threads = map[language][]thread{
	english: {
		{name: "Announcements", kind: "announce"}, {name: "Homework", kind: "homework"},
		{name: "Questions", kind: "questions"}, {name: "Off topic", kind: "offtopic"},
		{name: "Test preparation", kind: "exam"}, {name: "Group projects", kind: "project"},
		{name: "Links and notes", kind: "links"}, {name: "Study group", kind: "exam"},
		{name: "Presentations", kind: "project"}, {name: "Help each other", kind: "questions"},
	},
	chinese: {
		{name: "通知", kind: "announce"}, {name: "作业", kind: "homework"},
		{name: "提问", kind: "questions"}, {name: "闲聊", kind: "offtopic"},
		{name: "考试复习", kind: "exam"}, {name: "小组项目", kind: "project"},
		{name: "资料分享", kind: "links"}, {name: "学习小组", kind: "exam"},
		{name: "课堂展示", kind: "project"}, {name: "互相帮助", kind: "questions"},
	},
}

// share is how much of a class's talk is in a thread of that kind.
var share = map[string]int{"announce": 2, "homework": 6, "questions": 6, "offtopic": 5, "exam": 4, "project": 3, "links": 2}

// speaks tells in which language the n-th class talks: two of five in Chinese.
func speaks(n int) language {
	if n%5 == 1 || n%5 == 3 {
		return chinese
	}
	return english
}

// plan decides which classes there are, who is in them and how much is said.
func plan(size Size, random *rand.Rand) (classes []*class, people []*person) {
	names, titles, count := newNames(random), map[string]bool{}, map[language]int{}
	school := &staffRoom{names: names, overlap: size.Overlap}
	for n := range size.Classes {
		c := &class{language: speaks(n), messages: part(size.Messages, size.Classes, n)}
		list := subjects[c.language]
		c.subject = list[count[c.language]%len(list)]
		count[c.language]++
		for c.title == "" || titles[c.title] {
			c.title = title(c.subject.name, c.language, len(titles)/len(list), random)
		}
		titles[c.title] = true
		c.threads = nameThreads(c.language, size.Threads)
		c.members = school.fill(c.language, size.Members, random)
		classes = append(classes, c)
	}
	return classes, school.people
}

// part is what the n-th of several gets of a total.
func part(total, of, n int) int { return total*(n+1)/of - total*n/of }

var chineseYears = []string{"初一", "初二", "初三", "高一", "高二", "高三"}

func title(subject string, l language, more int, random *rand.Rand) string {
	if l == chinese {
		return fmt.Sprintf("%s（%d）班 %s", chineseYears[random.IntN(len(chineseYears))], 1+random.IntN(8+more), subject)
	}
	return fmt.Sprintf("%s %d%c", subject, 7+random.IntN(6+more), 'a'+rune(random.IntN(5)))
}

func nameThreads(l language, count int) []thread {
	list := threads[l]
	named := make([]thread, count)
	for i := range named {
		named[i] = list[i%len(list)]
		if chapter := i - len(list) + 1; chapter > 0 {
			named[i] = thread{name: fmt.Sprintf("Chapter %d", chapter), kind: "questions"}
			if l == chinese {
				named[i].name = fmt.Sprintf("第%d章", chapter)
			}
		}
	}
	return named
}
