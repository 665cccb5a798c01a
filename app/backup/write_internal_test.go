package backup

import (
	"archive/tar"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// written cancels once something of a file has been written.
type written struct {
	cancel context.CancelFunc
	bytes  int
}

func (w *written) Write(p []byte) (int, error) {
	if w.bytes += len(p); w.bytes > 100<<10 {
		w.cancel()
	}
	return len(p), nil
}

// A server that stopped used to wait for the whole database to be copied.
func TestABackupThatIsCancelledStopsInTheMiddleOfAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.Truncate(path, 64<<20))
	ctx, cancel := context.WithCancel(t.Context())
	w := &written{cancel: cancel}
	err := new(Manifest).add(ctx, tar.NewWriter(w), "large", path)
	require.ErrorIs(t, err, context.Canceled)
	require.Less(t, w.bytes, 1<<20)
}
