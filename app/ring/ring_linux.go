package ring

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Ring is an io_uring. It is for one goroutine at a time.
type Ring struct {
	fd             int
	queues, memory []byte // as the kernel shares them: both queues, and the submissions

	submissions              []submission
	submitHead, submitTail   *uint32
	submitMask               uint32
	completions              []completion
	completeHead, completeTo *uint32
	completeMask             uint32

	writes []Write
	next   int    // of writes, to take hold of
	put    uint32 // submissions that the kernel has not been shown
	held   func(fd uintptr)
}

// What the kernel and we share, as in include/uapi/linux/io_uring.h.
type (
	parameters struct {
		submissions, completions, flags, _, _, features, _ uint32
		_                                                  [3]uint32
		submitAt                                           struct{ head, tail, mask, _, _, _, array, _, _, _ uint32 }
		completeAt                                         struct{ head, tail, mask, _, _, entries, _, _, _, _ uint32 }
	}
	submission struct {
		operation, _ uint8
		_            uint16
		fd           int32
		_            uint64
		address      uint64
		length       uint32
		flags        uint32 // of send(2)
		of           uint64 // comes back with the completion
		_            [3]uint64
	}
	completion struct {
		of     uint64
		result int32 // bytes, or below zero why there are none
		_      uint32
	}
)

const (
	queuesAt      = 0          // IORING_OFF_SQ_RING
	submissionsAt = 0x10000000 // IORING_OFF_SQES
	send          = 26         // IORING_OP_SEND
	waitForThem   = 1          // IORING_ENTER_GETEVENTS

	// Both queues in one piece (IORING_FEAT_SINGLE_MMAP, Linux 5.4), and what came
	// after IORING_OP_SEND (IORING_FEAT_FAST_POLL, 5.7).
	needed = 1<<0 | 1<<5
)

// New returns a ring, or why there is none: an old kernel, or one that was told
// not to have it (kernel.io_uring_disabled, the seccomp profile of a container).
func New() (*Ring, error) {
	var p parameters
	fd, _, errno := unix.Syscall(unix.SYS_IO_URING_SETUP, Most, uintptr(unsafe.Pointer(&p)), 0)
	if errno != 0 {
		return nil, fmt.Errorf("io_uring_setup: %w", errno)
	}
	r := &Ring{fd: int(fd)}
	err := r.share(&p)
	if err == nil {
		if _, errno := r.enter(0, 0); errno != 0 { // set up is not all that may be denied
			err = fmt.Errorf("io_uring_enter: %w", errno)
		}
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	r.held = func(fd uintptr) {
		r.submit(r.next-1, fd)
		r.holdNext()
	}
	return r, nil
}

func (r *Ring) share(p *parameters) (err error) {
	if p.features&needed != needed {
		return errors.New("io_uring: Linux 5.7 or newer is needed")
	}
	size := max(p.submitAt.array+4*p.submissions, p.completeAt.entries+uint32(unsafe.Sizeof(completion{}))*p.completions)
	if r.queues, err = r.memoryAt(queuesAt, int(size)); err != nil {
		return err
	}
	if r.memory, err = r.memoryAt(submissionsAt, int(p.submissions)*int(unsafe.Sizeof(submission{}))); err != nil {
		return err
	}
	number := func(at uint32) *uint32 { return (*uint32)(unsafe.Pointer(&r.queues[at])) }
	r.submitHead, r.submitTail, r.submitMask = number(p.submitAt.head), number(p.submitAt.tail), *number(p.submitAt.mask)
	r.completeHead, r.completeTo, r.completeMask = number(p.completeAt.head), number(p.completeAt.tail), *number(p.completeAt.mask)
	r.submissions = unsafe.Slice((*submission)(unsafe.Pointer(&r.memory[0])), p.submissions)
	r.completions = unsafe.Slice((*completion)(unsafe.Pointer(&r.queues[p.completeAt.entries])), p.completions)
	order := unsafe.Slice(number(p.submitAt.array), p.submissions)
	for i := range order {
		order[i] = uint32(i)
	}
	return nil
}

func (r *Ring) memoryAt(offset int64, size int) ([]byte, error) {
	memory, err := unix.Mmap(r.fd, offset, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return nil, fmt.Errorf("io_uring: mmap: %w", err)
	}
	return memory, nil
}

// Close gives back what the ring holds. Nothing may be written through it after.
func (r *Ring) Close() {
	if r.memory != nil {
		_ = unix.Munmap(r.memory)
	}
	if r.queues != nil {
		_ = unix.Munmap(r.queues)
	}
	_ = unix.Close(r.fd)
}

// Write writes to each socket what it takes at once, and notes how much that was. Of
// writes there are Most at the most, and each socket is among them once.
func (r *Ring) Write(writes []Write) {
	if len(writes) > Most {
		panic("ring: more than go in one call")
	}
	for i := range writes {
		writes[i].Taken = 0
	}
	r.writes, r.next, r.put = writes, 0, 0
	r.holdNext()
	r.writes = nil
	runtime.KeepAlive(writes) // the kernel reads what the collector cannot see that it does
}

// holdNext goes on from inside the hold on the socket before: until all is written
// none of them can be closed, and its number given to the connection of somebody else.
func (r *Ring) holdNext() {
	for r.next < len(r.writes) {
		r.next++
		if r.writes[r.next-1].To.Control(r.held) == nil {
			return // held has seen to the rest
		}
	}
	r.run()
}

func (r *Ring) submit(i int, fd uintptr) {
	bytes := r.writes[i].Bytes
	r.submissions[(atomic.LoadUint32(r.submitTail)+r.put)&r.submitMask] = submission{
		operation: send, fd: int32(fd), of: uint64(i),
		address: uint64(uintptr(unsafe.Pointer(unsafe.SliceData(bytes)))), length: uint32(len(bytes)),
		flags: unix.MSG_DONTWAIT | unix.MSG_NOSIGNAL,
	}
	r.put++
}

// run has the kernel carry out what was put, and returns when it reads none of it any
// more. What it does not take on, for want of memory, is not written.
func (r *Ring) run() {
	taken, done := uint32(0), uint32(0)
	atomic.AddUint32(r.submitTail, r.put)
	for taken < r.put {
		n, errno := r.enter(r.put-taken, r.put-done)
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 || n == 0 {
			atomic.StoreUint32(r.submitTail, atomic.LoadUint32(r.submitHead)) // nor is it found later
			break
		}
		taken += n
		done += r.collect()
	}
	for done += r.collect(); done < taken; done += r.collect() { // never yet: nothing of it may wait
		if _, errno := r.enter(0, taken-done); errno != 0 && errno != unix.EINTR {
			panic(fmt.Errorf("ring: the kernel keeps what it was to send: %w", errno))
		}
	}
	r.put = 0
}

// enter is io_uring_enter(2). Go's scheduler is not told of the call, which waits for
// no peer and most often takes a few hundred microseconds: told, it would take the
// processor away in the middle, and wake a thread to use it. Where the system lets
// somebody else run instead, or has no memory at hand, that processor waits with it.
func (r *Ring) enter(submit, wait uint32) (taken uint32, errno unix.Errno) {
	n, _, errno := unix.RawSyscall6(unix.SYS_IO_URING_ENTER, uintptr(r.fd), uintptr(submit), uintptr(wait), waitForThem, 0, 0)
	return uint32(n), errno
}

// collect notes what the kernel is done with, and returns how many that were.
func (r *Ring) collect() (n uint32) {
	head, to := atomic.LoadUint32(r.completeHead), atomic.LoadUint32(r.completeTo)
	for ; head+n != to; n++ {
		c := &r.completions[(head+n)&r.completeMask]
		r.writes[c.of].Taken = max(0, int(c.result))
	}
	atomic.StoreUint32(r.completeHead, to)
	return n
}
