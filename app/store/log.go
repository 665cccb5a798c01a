package store

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"os"
)

const (
	pageBytes  = 4096 // of ours: SQLite's default
	frameBytes = 24 + pageBytes
	mostOfLog  = 64 << 20 // how much of a log is looked at
)

// lostCommits counts the commits in the log of a database that stand behind a
// damaged place. SQLite reads a log as far as its sums agree, and takes what
// follows for a rest of before: it starts without them, and says nothing. One
// alone is none: a power cut leaves the last commit in pieces, before anybody
// was told of it. Nor is anything counted while a server writes.
func lostCommits(path string) int {
	file, err := os.Open(path + "-wal")
	if err != nil {
		return 0 // there is none, or SQLite will say why it cannot be read
	}
	defer file.Close()
	before, err := file.Stat()
	if err != nil {
		return 0
	}
	n := commitsBehindDamage(bufio.NewReaderSize(io.LimitReader(file, mostOfLog), 1<<20))
	if after, err := file.Stat(); err != nil || n < 2 || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime()) {
		return 0
	}
	return n
}

// commitsBehindDamage reads a log as SQLite does
// (https://sqlite.org/fileformat2.html#the_write_ahead_log), and on. Frames that
// belong to it carry its salt, others are a rest of before.
func commitsBehindDamage(log io.Reader) (commits int) {
	var header [32]byte
	if _, err := io.ReadFull(log, header[:]); err != nil {
		return 0
	}
	sums := logSums{}.with(header[:24])
	whole := binary.BigEndian.Uint32(header[:])|1 == 0x377f0683 && binary.BigEndian.Uint32(header[8:]) == pageBytes && sums.stand(header[24:])
	salt := header[16:24]
	frame := make([]byte, frameBytes)
	for n := 0; ; n++ {
		if _, err := io.ReadFull(log, frame); err != nil {
			return commits
		}
		if n == 0 && !whole {
			salt = bytes.Clone(frame[8:16])
		}
		if !bytes.Equal(frame[8:16], salt) {
			whole = false
			continue
		}
		if whole {
			sums = sums.with(frame[:8]).with(frame[24:])
			whole = sums.stand(frame[16:24])
		}
		if last := binary.BigEndian.Uint32(frame[4:]) != 0; last && !whole { // the last frame of a commit
			commits++
		}
	}
}

// logSums are the two sums that run through a log, of words as the machine has
// them.
type logSums [2]uint32

func (s logSums) with(b []byte) logSums {
	first, second := s[0], s[1]
	for ; len(b) >= 8; b = b[8:] {
		first += binary.NativeEndian.Uint32(b) + second
		second += binary.NativeEndian.Uint32(b[4:]) + first
	}
	return logSums{first, second}
}

// stand tells whether these sums are written in b.
func (s logSums) stand(b []byte) bool {
	return binary.BigEndian.Uint32(b) == s[0] && binary.BigEndian.Uint32(b[4:]) == s[1]
}
