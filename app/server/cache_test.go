package server_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/chaostest"
	"homeroom/app/server"
	"homeroom/app/server/servertest"
	"homeroom/models"
)

// TestThreat40ACacheInFrontKeepsNothingOfAnybody puts caches in front that keep
// whatever an answer lets them, under its address alone.
func TestThreat40ACacheInFrontKeepsNothingOfAnybody(t *testing.T) {
	const asset = "/assets/app-1a2b3c4d.js"
	for name, start := range map[string]func(*testing.T, *servertest.Server) string{"nginx": nginx, "another": greedy} {
		t.Run(name, func(t *testing.T) {
			s := servertest.New(t, servertest.Options{Server: func(c *server.Config) {
				c.Pages.(fstest.MapFS)[asset[1:]] = &fstest.MapFile{Data: []byte("1")}
			}})
			s.Class("Physics 9b")
			front := start(t, s)
			ask := func(u models.User, path string) *http.Response {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, front+path, nil)
				require.NoError(t, err)
				if u.ID != 0 {
					r.Header.Set("Authorization", "Bearer "+s.Token(u))
				}
				response, err := s.HTTP.Do(r)
				require.NoError(t, err)
				_, err = io.Copy(io.Discard, response.Body)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				require.NotEmpty(t, response.Header.Get("X-Cache"), "%s came another way", path)
				return response
			}
			asked, answered := 0, map[int]int{}
			routes(s, func(method, path string) {
				if method != http.MethodGet {
					return
				}
				for _, u := range []models.User{s.Ann, s.Ann, s.Bob, {}} {
					response := ask(u, path)
					require.NotEqual(t, "HIT", response.Header.Get("X-Cache"), "%s of %q", path, u.Name)
					answered[response.StatusCode]++
					asked++
				}
			})
			require.Positive(t, answered[http.StatusOK])
			require.Positive(t, answered[http.StatusUnauthorized], "who has not signed in is not told what others were: %v", answered)
			ask(models.User{}, asset)
			require.Equal(t, "HIT", ask(models.User{}, asset).Header.Get("X-Cache"), "the cache works")
			chaostest.Figures("T40", "cache=%s requests=%d kept=0; a file of the pages: kept", name, asked)
		})
	}
}

// nginx is one that keeps every answer for ten minutes.
func nginx(t *testing.T, s *servertest.Server) string {
	t.Helper()
	binary, err := exec.LookPath("nginx")
	if err != nil {
		t.Skip("there is no nginx")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := ln.Addr().String()
	require.NoError(t, ln.Close())
	folder := t.TempDir()
	settings := fmt.Sprintf(`daemon off; master_process off; pid %[1]s/pid; error_log %[1]s/error.log;
events {}
http {
  access_log off;
  client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  proxy_cache_path %[1]s/cache keys_zone=all:1m;
  server {
    listen %[2]s;
    location / {
      proxy_pass %[3]s; proxy_http_version 1.1;
      proxy_cache all; proxy_cache_valid any 10m; proxy_cache_key $request_uri;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`, folder, address, s.URL)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "nginx.conf"), []byte(settings), 0o600))
	cmd := exec.Command(binary, "-p", folder, "-e", filepath.Join(folder, "error.log"), "-c", filepath.Join(folder, "nginx.conf"))
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, 10*time.Second, 10*time.Millisecond)
	return "http://" + address
}

// greedy is one that keeps what does not say that it is not to be kept.
func greedy(t *testing.T, s *servertest.Server) string {
	t.Helper()
	type answer struct {
		status int
		body   []byte
	}
	var mu sync.Mutex
	kept := map[string]answer{}
	front := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.URL.RequestURI()
		mu.Lock()
		found, ok := kept[key]
		mu.Unlock()
		if ok {
			w.Header().Set("X-Cache", "HIT")
			w.WriteHeader(found.status)
			_, _ = w.Write(found.body)
			return
		}
		ask, err := http.NewRequestWithContext(r.Context(), r.Method, s.URL+key, nil)
		if err != nil {
			return
		}
		ask.Header = r.Header
		response, err := http.DefaultTransport.RoundTrip(ask)
		if err != nil {
			return
		}
		defer response.Body.Close()
		body, _ := io.ReadAll(response.Body)
		says := response.Header.Get("Cache-Control")
		if !strings.Contains(says, "no-store") && !strings.Contains(says, "private") && !strings.Contains(says, "no-cache") {
			mu.Lock()
			kept[key] = answer{response.StatusCode, body}
			mu.Unlock()
		}
		w.Header().Set("X-Cache", "MISS")
		w.WriteHeader(response.StatusCode)
		_, _ = w.Write(body)
	})}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan struct{})
	go func() { defer close(served); _ = front.Serve(ln) }()
	t.Cleanup(func() {
		_ = front.Close()
		<-served
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return "http://" + ln.Addr().String()
}
