package hashing_test

import (
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/hashing"
)

// asked has the test's own binary be the process beside.
const asked = "HASHING_TEST_SERVES"

func TestMain(m *testing.M) {
	if os.Getenv(asked) != "" {
		if err := hashing.Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAHashIsTheSameHereAndAside(t *testing.T) {
	t.Setenv(asked, "1")
	aside := hashing.NewAside(os.Args[0])
	defer aside.Close()
	for _, password := range []string{"correct horse battery staple", "密码 与 空格", "\xff\x00 no text", ""} {
		made, err := aside.Hash(password)
		require.NoError(t, err)
		ok, err := hashing.Here{}.Matches(password, made)
		require.NoError(t, err)
		require.True(t, ok)
		ok, err = aside.Matches(password, made)
		require.NoError(t, err)
		require.True(t, ok)
		ok, err = aside.Matches(password+"!", made)
		require.NoError(t, err)
		require.False(t, ok)
	}
	_, err := aside.Matches("x", "this is no hash")
	require.Error(t, err)
}

func TestWhereNoProcessAnswersPasswordsAreHashedHere(t *testing.T) {
	for _, command := range [][]string{{"/nowhere"}, {"true"}, {"echo", "no answer"}} {
		aside := hashing.NewAside(command...)
		made, err := aside.Hash("a ferry with a lantern")
		require.NoError(t, err, command)
		ok, err := aside.Matches("a ferry with a lantern", made)
		require.NoError(t, err, command)
		require.True(t, ok, command)
		ok, err = aside.Matches("another", made)
		require.NoError(t, err, command)
		require.False(t, ok, command)
		aside.Close()
	}
}

func TestAProcessEndsWithWhatItReads(t *testing.T) {
	in, w := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- hashing.Serve(in, io.Discard) }()
	require.NoError(t, w.Close())
	require.NoError(t, <-ended)
}
