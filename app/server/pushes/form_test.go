package pushes

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

// curl runs curl as senders do and returns the word and the status.
func (s *school) curl(secret string, args ...string) string {
	s.t.Helper()
	program, err := exec.LookPath("curl")
	if err != nil {
		s.t.Skip("curl is not here")
	}
	args = append([]string{"--silent", "--show-error", "--write-out", " %{http_code}"}, args...)
	if secret != "" {
		args = append(args, "--header", "Authorization: Bearer "+secret)
	}
	out, err := exec.CommandContext(s.t.Context(), program, args...).CombinedOutput()
	require.NoError(s.t, err, "%s", out)
	return string(out)
}

func TestSendersOfWebMsgSenderPushWithCurl(t *testing.T) {
	s := open(t)
	token := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	bob, eve := s.page(s.Bob), s.page(s.Eve)
	to := fmt.Sprint(s.Bob.ID)
	url := s.URL + "/push"
	address := "type=publish&to=" + to + "&content=%E5%9B%BE%20%3Cb%3E"

	require.Equal(t, "ok 200", s.curl(token, url, "-d", "type=publish", "-d", "to="+to, "-d", "content=one"))
	require.Equal(t, "ok 200", s.curl(token, url, "--data-urlencode", "content=a & b=c+图", "-d", "type=publish", "-d", "to=Bob Ray"))
	require.Equal(t, "ok 200", s.curl(token, url, "-F", "type=publish", "-F", "to="+to, "-F", "content=as PHP sends an array"))
	require.Equal(t, "ok 200", s.curl(token, url+"?"+address))
	require.Equal(t, "ok 200", s.curl(token, url+"/?"+address), "as the original's address ends")
	require.Equal(t, "ok 200", s.curl(token, "-X", "POST", url+"?"+address))
	long := strings.Repeat("😂", 10_000)
	require.Equal(t, "ok 200", s.curl(token, url, "--data-urlencode", "content="+long, "-d", "type=publish", "-d", "to="+to))
	require.Equal(t, "ok 200", s.curl(token, url, "-d", "type=publish", "-d", "to=", "-d", "content=to all"))
	require.Equal(t, "ok 200", s.curl(token, url, "-d", "type=publish", "-d", "content=to all"))

	require.Equal(t, []string{"one", "a & b=c+图", "as PHP sends an array", "图 <b>", "图 <b>", "图 <b>", long, "to all", "to all"}, contents(pushes(bob)))
	require.Equal(t, []string{"to all", "to all"}, contents(pushes(eve)))
}

func TestTheFormAnswersTheOriginalsThreeWords(t *testing.T) {
	s := open(t)
	token := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	url := s.URL + "/push"
	form := func(fields ...string) []string {
		args := []string{url}
		for _, f := range fields {
			args = append(args, "-d", f)
		}
		return args
	}
	require.Equal(t, "ok 200", s.curl(token, form("type=publish", "content=x")...), "to all is ok, whoever is there")
	bob := s.page(s.Bob)
	away := fmt.Sprint(s.Cai.ID)
	for name, x := range map[string]struct {
		want string
		args []string
	}{
		"somebody away":        {"offline 200", form("type=publish", "to="+away, "content=x")},
		"nobody's id":          {"offline 200", form("type=publish", "to=999999", "content=x")},
		"no id":                {"offline 200", form("type=publish", "to=0", "content=x")},
		"above every id":       {"offline 200", form("type=publish", "to=99999999999999999999", "content=x")},
		"an id with a zero":    {"offline 200", form("type=publish", fmt.Sprintf("to=0%d", s.Bob.ID), "content=x")},
		"an id with a sign":    {"offline 200", form("type=publish", fmt.Sprintf("to=%%2B%d", s.Bob.ID), "content=x")},
		"nobody's name":        {"offline 200", form("type=publish", "to=nobody", "content=x")},
		"no type":              {"fail 200", form("to="+away, "content=x")},
		"an unknown type":      {"fail 200", form("type=delete", "content=x")},
		"another letter":       {"fail 200", form("type=Publish", "content=x")},
		"no content":           {"fail 200", form("type=publish", "to="+away)},
		"too much content":     {"fail 200", form("type=publish", "content="+strings.Repeat("x", 10_001))},
		"not UTF-8":            {"fail 200", form("type=publish", "content=%ff")},
		"nothing":              {"fail 200", []string{url}},
		"the form's type only": {"fail 200", []string{"-d", "content=x", url + "?type=publish"}},
		"a line of JSON":       {"fail 200", []string{"-H", "Content-Type: application/json", "-d", `{"type":"publish","content":"x"}`, url}},
		"half a multipart":     {"fail 200", []string{"-H", "Content-Type: multipart/form-data; boundary=b", "-d", "--b\r\n", url}},
		"another media type":   {"fail 415", []string{"-H", "Content-Type: text/plain", "-d", "type=publish&content=x", url}},
		"too much of a body":   {"fail 413", form("type=publish", "content="+strings.Repeat("x", 100_000), "more="+strings.Repeat("x", 50_000))},
		"another method":       {"fail 405", append(form("type=publish", "content=x"), "-X", "PUT", "-H", "Content-Type: application/x-www-form-urlencoded")},
	} {
		require.Equal(t, x.want, s.curl(token, x.args...), name)
	}
	require.Empty(t, pushes(bob))
}

func TestTheFormNeedsATokenThatMayPush(t *testing.T) {
	s := open(t)
	bob := s.page(s.Bob)
	body := fmt.Sprintf("type=publish&to=%d&content=x", s.Bob.ID)
	reads := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopeRead, models.ScopeWrite, models.ScopeManage}})
	revoked := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	mine, err := s.Tokens(t.Context(), apptest.As(s.Ada))
	require.NoError(t, err)
	require.NoError(t, s.RevokeToken(t.Context(), apptest.As(s.Ada), mine[0].ID))
	soon := models.At(s.Now().Add(time.Second))
	expired := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}, ExpiresAt: &soon})
	s.Pass(2 * time.Second)
	for name, x := range map[string]struct {
		secret, want, code string
	}{
		"no token": {"", "fail 401", "130"}, "a wrong one": {"hr_wrong", "fail 401", "130"},
		"a revoked one": {revoked, "fail 401", "130"}, "an expired one": {expired, "fail 401", "130"},
		"without the scope": {reads, "fail 403", "125"},
	} {
		require.Equal(t, x.want, s.curl(x.secret, "-d", body, s.URL+"/push"), name)
		require.Equal(t, x.want, s.curl(x.secret, s.URL+"/push?"+body), name)
		require.Contains(t, s.curl(x.secret, "-i", "-d", body, s.URL+"/push"), "\r\nHomeroom-Code: "+x.code+"\r\n", name)
	}
	class := s.token(s.Ann, app.NewToken{Scopes: []models.Scope{models.ScopePush}, ClassIDs: []int64{s.class.ID}})
	require.Equal(t, "fail 403", s.curl(class, "-d", "type=publish&to=&content=x", s.URL+"/push"))
	require.Equal(t, "offline 200", s.curl(class, "-d", fmt.Sprintf("type=publish&to=%d&content=x", s.Eve.ID), s.URL+"/push"))
	require.Empty(t, pushes(bob))
	require.Equal(t, "ok 200", s.curl(class, "-d", body, s.URL+"/push"))
}

// bomb is a form of 64 MiB, compressed to less than a form may have.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, "--b\r\nContent-Disposition: form-data; name=\"content\"\r\n\r\n"+strings.Repeat("x", 16<<20)+"\r\n--b--\r\n")
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Less(t, out.Len(), 128<<10)
	return out.Bytes()
}

func TestACompressedFormIsNotUnpackedWhateverTheMethod(t *testing.T) {
	s := open(t)
	body := bomb(t)
	for _, path := range []string{"/push", "/push?type=publish&content=x", "/api/v1/pushes", "/"} {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} {
			request, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, bytes.NewReader(body))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "multipart/form-data; boundary=b")
			request.Header.Set("Content-Encoding", "gzip")
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			answer, err := s.HTTP.Do(request)
			require.NoError(t, err)
			require.NoError(t, answer.Body.Close())
			runtime.ReadMemStats(&after)
			require.Equal(t, http.StatusUnsupportedMediaType, answer.StatusCode, "%s %s", method, path)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "%s %s", method, path)
		}
	}
}

// Its fields were read first: what a stranger sends cost as much as what a
// sender does.
func TestTheFormAsksWhoIsThereBeforeItReads(t *testing.T) {
	s := open(t)
	answer, err := s.HTTP.Get(s.URL + "/push?type=x")
	require.NoError(t, err)
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnauthorized, answer.StatusCode)
	require.Equal(t, "fail", string(said))
	require.Equal(t, "130", answer.Header.Get("Homeroom-Code"))
}
