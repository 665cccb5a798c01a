package demo

import (
	"math/rand/v2"

	"homeroom/models"
)

// mostClasses is how many classes one person is in at the most: a tool that
// opens a connection for each membership stays within the connections of one
// user.
const mostClasses = 6

// person is somebody as they are planned, then as they are stored.
type person struct {
	name    string
	role    models.ServerRole
	staff   bool // in any class
	classes int
	user    models.User
	token   string
}

// staffRoom knows everybody who was put into a class.
type staffRoom struct {
	names   *names
	overlap bool
	people  []*person
	last    map[language][]*person // the class before, in the same language
}

// fill puts people into a class: its owner, an assistant and students. Where
// classes overlap, a teacher has two, and a fifth of the students know each
// other from the class before.
func (s *staffRoom) fill(l language, count int, random *rand.Rand) []*person {
	if s.last == nil {
		s.last = map[language][]*person{}
	}
	var before []*person
	if s.overlap {
		before = s.last[l]
	}
	members := make([]*person, 0, count)
	if before != nil && before[0].classes < 2 {
		members = append(members, before[0])
	} else {
		members = append(members, s.hire(l, models.Teacher))
	}
	members = append(members, s.hire(l, models.StudentAccount))
	if before != nil {
		for _, i := range random.Perm(len(before) - 2)[:(len(before)-2)/5] {
			if again := before[i+2]; again.classes < mostClasses && len(members) < count {
				members = append(members, again)
			}
		}
	}
	for len(members) < count {
		members = append(members, s.hire(l, models.StudentAccount))
	}
	for i, p := range members {
		p.classes++
		p.staff = p.staff || roleOf(i).Staff()
	}
	s.last[l] = members
	return members
}

func (s *staffRoom) hire(l language, role models.ServerRole) *person {
	p := &person{name: s.names.next(l), role: role}
	s.people = append(s.people, p)
	return p
}

// roleOf is the role of the n-th member.
func roleOf(n int) models.MemberRole {
	switch n {
	case 0:
		return models.Owner
	case 1:
		return models.Assistant
	}
	return models.Student
}
