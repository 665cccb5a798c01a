package server_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app/fault"
	"homeroom/app/server"
)

// What a browser or a script may say of where an unsafe request comes from.
func TestUnsafeRequestsOfOtherSitesAreRefused(t *testing.T) {
	h := open(t, nil)
	own := h.url
	_, port, _ := strings.Cut(h.addr, ":")
	refused := fault.CrossSite.Code
	for _, path := range []string{"/api/v1/probe/who", "/api/v1/classes", "/api/v1/nothing", "/", "/ws"} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			for _, c := range []struct {
				name         string
				site, origin string
				cookie       bool
				token        bool
				pass         bool
			}{
				{"own page", "same-origin", own, true, false, true},
				{"typed address", "none", "", true, false, true},
				{"other site", "cross-site", "https://evil.example", true, false, false},
				{"other site that says it is ours", "cross-site", own, true, false, false},
				{"sister site", "same-site", "http://sister.localhost:" + port, true, false, false},
				{"nonsense", "sideways", own, true, false, false},
				{"old browser, own page", "", own, true, false, true},
				{"old browser, other case", "", strings.ToUpper(own), true, false, true},
				{"old browser, other site", "", "https://evil.example", true, false, false},
				{"old browser, name that begins like ours", "", own + ".evil.example", true, false, false},
				{"old browser, other port", "", "http://127.0.0.1:1", true, false, false},
				{"old browser, other scheme", "", "https://" + h.addr, true, false, false},
				{"old browser, sandboxed page", "", "null", true, false, false},
				{"cookie without an origin", "", "", true, false, false},
				{"script with a token", "", "", false, true, true},
				{"script with a token and a cookie", "", "", true, true, true},
				{"other site with a token", "cross-site", "https://evil.example", false, true, false},
				{"nobody without an origin", "", "", false, false, true},
				{"nobody from another site", "", "https://evil.example", false, false, false},
			} {
				headers := []string{"X-Requested-With", "homeroom"}
				for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
					if value != "" {
						headers = append(headers, name, value)
					}
				}
				if c.cookie {
					headers = append(headers, "Cookie", "sid="+h.cookie)
				}
				if c.token {
					headers = append(headers, "Authorization", "Bearer "+h.token)
				}
				if path == "/ws" && c.origin != "" && !c.pass {
					continue // refused as well, as TestSocketsOfOtherOriginsAreRefused shows
				}
				a := h.do(method, path, "", headers...)
				name := fmt.Sprintf("%s %s: %s", method, path, c.name)
				if !c.pass {
					require.Equal(t, refused, a.problem(t).Code, name)
					continue
				}
				require.NotEqual(t, http.StatusForbidden, a.StatusCode, name+string(a.body))
			}
		}
	}
}

func TestSafeRequestsOfOtherSitesPass(t *testing.T) {
	h := open(t, nil)
	a := h.get("/", "Sec-Fetch-Site", "cross-site", "Accept", "text/html")
	require.Equal(t, 200, a.StatusCode, "a link to us from elsewhere opens")
	require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
}

func TestAFormCannotUseTheCookie(t *testing.T) {
	h := open(t, nil)
	a := h.do("POST", "/api/v1/probe/who", "", "Cookie", "sid="+h.cookie, "Sec-Fetch-Site", "same-origin")
	require.Equal(t, fault.CrossSite.Code, a.problem(t).Code, "without X-Requested-With")
}

func TestBodiesAreJSONAndNothingElse(t *testing.T) {
	h := open(t, nil)
	for media, ok := range map[string]bool{
		"application/json":                   true,
		"application/json; charset=utf-8":    true,
		"Application/JSON;charset=\"UTF-8\"": true,
		"application/json; charset=utf-16":   false,
		"application/json-patch+json":        false,
		"text/plain":                         false,
		"text/plain; application/json":       false,
		"application/x-www-form-urlencoded":  false,
		"multipart/form-data; boundary=x":    false,
		"":                                   false,
	} {
		headers := []string{"Authorization", "Bearer " + h.token}
		if media != "" {
			headers = append(headers, "Content-Type", media)
		}
		a := h.do("POST", "/api/v1/probe/who", "{}", headers...)
		if ok {
			require.Equal(t, 200, a.StatusCode, media)
			continue
		}
		require.Equal(t, fault.WrongMedia.Code, a.problem(t).Code, media)
		require.Equal(t, 415, a.StatusCode, media)
	}
	a := h.do("POST", "/api/v1/probe/who", "\x1f\x8b\x08", "Content-Type", "application/json", "Content-Encoding", "gzip")
	require.Equal(t, 415, a.StatusCode, "a compressed body can be a thousand times its size")
}

func TestSocketsOfOtherOriginsAreRefused(t *testing.T) {
	h := open(t, func(c *server.Config) { c.Origins = []string{"https://board.example"} })
	cookie := []string{"Cookie", "sid=" + h.cookie}
	for origin, ok := range map[string]bool{
		h.url:                        true,
		strings.ToUpper(h.url):       true,
		"https://board.example":      true,
		"https://evil.example":       false,
		h.url + ".evil.example":      false,
		"https://board.example:8443": false,
		"https://sub.board.example":  false,
		"http://board.example":       false,
		"http://127.0.0.1":           false,
		"null":                       false,
	} {
		for _, path := range []string{"/ws", "/ws/"} {
			a := h.get(path, append(cookie, "Origin", origin)...)
			if ok {
				require.Equal(t, 200, a.StatusCode, origin)
				continue
			}
			require.Equal(t, fault.CrossSite.Code, a.problem(t).Code, origin)
		}
	}
	require.Equal(t, 200, h.get("/ws", cookie...).StatusCode, "a script has no origin")
}

func TestWhoAsksIsFoundByCookieOrToken(t *testing.T) {
	h := open(t, nil)
	who := func(headers ...string) string { return string(h.get("/api/v1/probe/who", headers...).body) }
	require.Contains(t, who("Cookie", "sid="+h.cookie), `"cookie":true`)
	require.Contains(t, who("Authorization", "Bearer "+h.token), `"cookie":false`)
	require.Contains(t, who("Authorization", "bearer "+h.token), `"name":"Ann"`)
	require.Contains(t, who("Authorization", "Bearer "+h.token, "Cookie", "sid="+h.cookie), `"cookie":false`)
	for name, headers := range map[string][]string{
		"nobody":                   {},
		"a bad token hides cookie": {"Authorization", "Bearer hr_wrong", "Cookie", "sid=" + h.cookie},
		"a cookie as a token":      {"Authorization", "Bearer " + h.cookie},
		"a token as a cookie":      {"Cookie", "sid=" + h.token},
		"the cookie of https":      {"Cookie", "__Host-sid=" + h.cookie},
	} {
		require.Contains(t, who(headers...), `"name":""`, name)
	}
	for _, name := range []string{"token", "access_token", "sid"} {
		a := h.get("/api/v1/probe/who?" + name + "=" + h.token)
		require.Contains(t, string(a.body), `"name":""`, "a secret in the address is not looked for")
	}
}

func TestOnHTTPSOnlyTheHostBoundCookieCounts(t *testing.T) {
	public, err := url.Parse("https://chat.school.example")
	require.NoError(t, err)
	h := open(t, func(c *server.Config) { c.Public = public })
	who := func(name string) string {
		return string(h.get("/api/v1/probe/who", "Cookie", name+"="+h.cookie).body)
	}
	require.Contains(t, who("__Host-sid"), `"name":"Ann"`)
	require.Contains(t, who("sid"), `"name":""`, "a neighbouring host can set this one")
	post := func(host, origin string) int {
		return h.do("POST", "/api/v1/probe/who", "", "Host", host, "Origin", origin, "Cookie", "__Host-sid="+h.cookie, "X-Requested-With", "homeroom").StatusCode
	}
	require.Equal(t, 200, post("chat.school.example", "https://chat.school.example"))
	require.Equal(t, 403, post("chat.school.example", "http://chat.school.example"), "anybody on the way can write that page")
}
