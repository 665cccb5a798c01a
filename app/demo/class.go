package demo

import (
	"cmp"
	"slices"
	"time"

	"homeroom/app"
)

// settling is how long it takes after a class began until all have joined.
const settling = 36 * time.Hour

// writeClass stores a class, its threads and members, what happened in it and
// how far everybody has read.
func (w *writer) writeClass(c *class) error {
	owner := app.Actor{User: c.members[0].user}
	made, err := w.rules.CreateClass(w.ctx, owner, app.NewClass{Name: c.title, Description: c.about})
	if err != nil {
		return err
	}
	for i := range c.threads {
		w.clock = w.clock.Add(20 * time.Second)
		thread, err := w.rules.OpenThread(w.ctx, owner, made.ID, app.NewThread{Name: c.threads[i].name})
		if err != nil {
			return err
		}
		c.threads[i].id = thread.ID
	}
	if err := w.join(made.ID, c); err != nil {
		return err
	}
	talk := &talk{
		random: w.random, scripts: w.scripts[c.language], id: made.ID, class: c,
		from: w.clock.Add(settling), to: w.now.Add(-time.Minute),
	}
	talk.fillAll()
	if made.ID <= withFiles {
		talk.attach()
	}
	if err := w.tell(talk.deeds); err != nil {
		return err
	}
	slices.SortFunc(talk.messages, func(a, b *message) int { return cmp.Compare(a.stored.Seq, b.stored.Seq) })
	if err := w.arrange(owner, made.ID, c, talk.messages); err != nil {
		return err
	}
	if err := w.read(made.ID, c, talk.messages); err != nil {
		return err
	}
	w.note(made.ID, c)
	return nil
}

// join lets people into a class over its first days, in no order.
func (w *writer) join(id int64, c *class) error {
	at := make([]time.Duration, len(c.members)-1)
	for i := range at {
		at[i] = time.Duration(w.random.Int64N(int64(settling - time.Hour)))
	}
	slices.Sort(at)
	return w.rules.Recount(w.ctx, func(past *app.Past) error {
		for turn, i := range w.random.Perm(len(at)) {
			past.At(w.clock.Add(at[turn]))
			if err := past.Join(c.members[i+1].user, id, roleOf(i+1)); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell stores what happened.
func (w *writer) tell(deeds []deed) error {
	for some := range slices.Chunk(deeds, batch) {
		err := w.rules.Recount(w.ctx, func(past *app.Past) error {
			for i := range some {
				past.At(some[i].at)
				if err := some[i].do(past, &some[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// arrange pins a message of the teacher's in the second thread. No thread is
// locked: whoever holds a member's token may write wherever the member is.
func (w *writer) arrange(owner app.Actor, id int64, c *class, messages []*message) error {
	w.clock = w.now
	if len(c.threads) < 2 {
		return nil
	}
	for _, m := range slices.Backward(messages) {
		if m.thread == c.threads[1].id && m.by == c.members[0] && m.answers == nil && !m.deleted {
			_, err := w.rules.Pin(w.ctx, owner, id, m.thread, m.stored.ID)
			return err
		}
	}
	return nil
}

// read moves the read markers: about half have read everything, some are a
// little behind, a few have not looked at all.
func (w *writer) read(id int64, c *class, messages []*message) error {
	said := map[int64][]int64{}
	type place struct {
		thread int64
		by     *person
	}
	own := map[place]int64{} // who says something has read what was there
	for _, m := range messages {
		said[m.thread] = append(said[m.thread], m.stored.Seq)
		own[place{m.thread, m.by}] = m.stored.Seq
	}
	return w.rules.Recount(w.ctx, func(past *app.Past) error {
		for _, p := range c.members {
			for _, t := range c.threads {
				to := max(w.readTo(said[t.id]), own[place{t.id, p}])
				if to == 0 {
					continue
				}
				if err := past.Read(p.user, id, t.id, to); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// readTo chooses how far somebody has read in a thread; 0 is not since joining.
func (w *writer) readTo(seqs []int64) int64 {
	behind := 0
	switch chance := w.random.IntN(100); {
	case chance < 55:
	case chance < 80:
		behind = 1 + w.random.IntN(5)
	case chance < 92:
		behind = 6 + w.random.IntN(35)
	default:
		return 0
	}
	if behind >= len(seqs) {
		return 0
	}
	return seqs[len(seqs)-1-behind]
}

// note adds the memberships of a class to what is handed out.
func (w *writer) note(id int64, c *class) {
	ids := make([]int64, len(c.threads))
	for i, t := range c.threads {
		ids[i] = t.id
	}
	for i, p := range c.members {
		w.school.Memberships = append(w.school.Memberships, Membership{
			UserID: p.user.ID, Name: p.name, Token: p.token, Role: roleOf(i), ClassID: id, ThreadIDs: ids,
		})
	}
}
