package live

import (
	"sync"
	"time"
)

// crew runs what needs a deep stack for the connections' readers, and what every
// connection does: a stack that has grown shrinks only with the collections of
// garbage, and a quiet server has few. If readers answered each hello
// themselves, thousands of idle connections would hold the stack of its queries.
type crew struct {
	tasks   chan task
	stop    <-chan struct{}
	workers sync.WaitGroup
}

type task struct {
	run  func()
	done chan struct{}
}

// restful is how long a worker waits for its next task.
const restful = 5 * time.Second

func newCrew(stop <-chan struct{}) *crew { return &crew{tasks: make(chan task), stop: stop} }

// do runs f on a worker, a new one where none is waiting, and returns when f
// has. So at most as many work as there are callers; beside them are those that
// rest, or are about to.
func (c *crew) do(f func()) {
	t := task{run: f, done: make(chan struct{})}
	select {
	case c.tasks <- t:
	default:
		c.workers.Go(func() { c.work(t) })
	}
	<-t.done
}

func (c *crew) work(t task) {
	rest := time.NewTimer(restful)
	defer rest.Stop()
	for {
		t.run()
		close(t.done)
		rest.Reset(restful)
		select {
		case t = <-c.tasks:
		case <-rest.C:
			return
		case <-c.stop:
			return
		}
	}
}
