package app

import (
	"context"
	"errors"
	"net/netip"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"homeroom/app/fault"
	"homeroom/app/hashing"
)

// hasher is what turns passwords into hashes: hashing.Here, or hashing.Aside.
type hasher interface {
	Hash(password string) (string, error)
	Matches(password, hash string) (bool, error)
}

// inProcess hashes where nobody says otherwise.
var inProcess hasher = hashing.Here{}

// HashBy has passwords hashed in another way than in this process. It is called
// before anybody signs in.
func (a *App) HashBy(h hasher) { a.gate.hasher = h }

// mostRenames is how often a minute a user may change the name or colour: each
// change is an event in every class of theirs.
const mostRenames = 10

// mostFirstCodes is how often a minute a user may give the code of a second
// factor that is being set up: whoever found the browser open could guess it.
const mostFirstCodes = 10

// gate stands before the accounts: it bounds what guessing costs us, and
// remembers who was let in.
type gate struct {
	hasher   hasher
	slots    chan struct{} // held while a password is hashed
	queue    chan struct{} // held while waiting for a slot
	wait     time.Duration
	hashed   atomic.Int64  // how often a slot was given
	decoy    func() string // the hash that an unknown name is compared with
	failures *tries
	logins   *tries
	codes    *tries
	renames  *tries
	factors  *tries
	looks    *tries
	exports  *tries
	strays   *strays
	actors   *actors
}

func newGate(limits Limits) *gate {
	g := &gate{
		hasher:   inProcess,
		slots:    make(chan struct{}, limits.hashSlots()),
		queue:    make(chan struct{}, limits.HashQueue),
		wait:     limits.HashWait,
		failures: newTries(limits.AddressFailures),
		logins:   newTries(limits.AddressLogins),
		codes:    newTries(limits.CodeTries),
		renames:  newTries(mostRenames),
		factors:  newTries(mostFirstCodes),
		looks:    newTries(mostLooks),
		exports:  newTries(mostExports),
		strays:   newStrays(),
		actors:   newActors(),
	}
	g.decoy = sync.OnceValue(g.newDecoy)
	return g
}

// hashSlots leaves processors to those who talk: hashing on all of them makes
// everybody else wait behind it.
func (l Limits) hashSlots() int {
	if l.HashSlots > 0 {
		return l.HashSlots
	}
	return min(max(runtime.GOMAXPROCS(0)/2, 1), 2)
}

func (g *gate) newDecoy() string {
	hash, err := g.hasher.Hash(newSecret(""))
	if err != nil {
		panic(err) // only where the system has no randomness
	}
	return hash
}

// slot waits for leave to hash one password; done gives it back. The fault is
// Busy: a flood of sign-ins must not take the processor from those who talk.
func (g *gate) slot(ctx context.Context) (done func(), err error) {
	defer func() {
		if err == nil {
			g.hashed.Add(1)
		}
	}()
	done = func() { <-g.slots }
	select {
	case g.slots <- struct{}{}:
		return done, nil
	default:
	}
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return nil, fault.Busy.After(g.wait)
	}
	timer := time.NewTimer(g.wait)
	defer timer.Stop()
	select {
	case g.slots <- struct{}{}:
		return done, nil
	case <-timer.C:
		return nil, fault.Busy.After(g.wait)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// mayComeFrom refuses with fault.TooManyTries an address from which too many
// sign in, or fail to.
func (g *gate) mayComeFrom(address string, now time.Time) error {
	if err := g.failures.may(address, now); err != nil {
		return err
	}
	return g.logins.may(address, now)
}

// tryCode runs try, which looks at a join code or set-up link, and counts it
// against the address and the user (0: nobody yet) where it ends with
// fault.CodeInvalid. Right codes are not counted: on the first day a whole
// school signs up from one address. The fault is TooManyTries, and then try did
// not run.
func (g *gate) tryCode(address string, userID int64, now time.Time, try func() error) error {
	keys := []string{Network(address)}
	if userID > 0 {
		keys = append(keys, userKey(userID))
	}
	for _, key := range keys {
		if err := g.codes.may(key, now); err != nil {
			return err
		}
	}
	err := try()
	if errors.Is(err, fault.CodeInvalid) {
		for _, key := range keys {
			g.codes.add(key, now)
		}
	}
	return err
}

func userKey(id int64) string { return "user " + strconv.FormatInt(id, 10) }

// Network is what an address is counted under. Of IPv6 that is the network:
// whoever has one address of it has all of them.
func Network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	if network, err := ip.WithZone("").Prefix(64); err == nil {
		return network.String()
	}
	return address
}

// mostTries bounds the memory of a limit.
const mostTries = 10_000

// tries counts what each key did in its running minute.
type tries struct {
	mu   sync.Mutex
	most int
	m    map[string]minute
}

type minute struct {
	from time.Time
	n    int
}

func newTries(most int) *tries { return &tries{most: most, m: map[string]minute{}} }

// may refuses with fault.TooManyTries a key whose minute is used up.
func (t *tries) may(key string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.check(t.running(key, now), now)
}

// add counts one for key.
func (t *tries) add(key string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.put(key, t.running(key, now), now)
}

// take is may, then add.
func (t *tries) take(key string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	m := t.running(key, now)
	if err := t.check(m, now); err != nil {
		return err
	}
	t.put(key, m, now)
	return nil
}

func (t *tries) check(m minute, now time.Time) error {
	if m.n >= t.most {
		return fault.TooManyTries.After(m.from.Add(time.Minute).Sub(now))
	}
	return nil
}

func (t *tries) running(key string, now time.Time) minute {
	m, ok := t.m[key]
	if since := now.Sub(m.from); !ok || since < 0 || since >= time.Minute {
		return minute{from: now}
	}
	return m
}

func (t *tries) put(key string, m minute, now time.Time) {
	if len(t.m) >= mostTries {
		makeRoom(t.m, mostTries, func(m minute) bool { return now.Sub(m.from) >= time.Minute })
	}
	m.n++
	t.m[key] = m
}

// makeRoom takes out of a map of most what is over, and where that is little,
// anything: a quarter at once, so that not every newcomer pays for a search.
func makeRoom[K comparable, V any](m map[K]V, most int, over func(V) bool) {
	for k, v := range m {
		if over(v) {
			delete(m, k)
		}
	}
	for k := range m {
		if len(m) <= most*3/4 {
			return
		}
		delete(m, k)
	}
}
