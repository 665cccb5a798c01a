package server_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app/server"
)

func TestPagesComeInTheBestFormThatTheBrowserTakes(t *testing.T) {
	h := open(t, nil)
	for accept, want := range map[string][2]string{
		"gzip, deflate, br":       {"br", "as brotli"},
		"gzip, deflate":           {"gzip", "as gzip"},
		"br;q=0, gzip;q=0.5":      {"gzip", "as gzip"},
		"br; q=0.0 , gzip;q=0.00": {"", "console.log('plain')"},
		"":                        {"", "console.log('plain')"},
		"brrr":                    {"", "console.log('plain')"},
	} {
		a := h.get("/assets/index-abc.js", "Accept-Encoding", accept)
		require.Equal(t, want[0], a.Header.Get("Content-Encoding"), accept)
		require.Equal(t, want[1], string(a.body), accept)
		require.Equal(t, "text/javascript; charset=utf-8", a.Header.Get("Content-Type"))
		require.Equal(t, "Accept-Encoding", a.Header.Get("Vary"))
		require.Equal(t, "public, max-age=31536000, immutable", a.Header.Get("Cache-Control"))
	}
	require.Equal(t, 404, h.get("/assets/index-abc.js.br").StatusCode, "forms have no address of their own")
}

func TestAPageThatDidNotChangeIsNotSentAgain(t *testing.T) {
	h := open(t, nil)
	first := h.get("/assets/index-abc.js", "Accept-Encoding", "br")
	tag := first.Header.Get("ETag")
	require.NotEmpty(t, tag)
	for _, header := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
		a := h.get("/assets/index-abc.js", "Accept-Encoding", "br", "If-None-Match", header)
		require.Equal(t, 304, a.StatusCode, header)
		require.Empty(t, a.body)
		require.Equal(t, tag, a.Header.Get("ETag"))
	}
	require.Equal(t, 200, h.get("/assets/index-abc.js", "If-None-Match", tag).StatusCode, "another form is another thing")
	head := h.do("HEAD", "/assets/index-abc.js", "", "Accept-Encoding", "br")
	require.Equal(t, 200, head.StatusCode)
	require.Equal(t, "9", head.Header.Get("Content-Length"))
	require.Empty(t, head.body)
}

func TestHEADIsGETWithoutTheBody(t *testing.T) {
	h := open(t, nil)
	bearer := []string{"Authorization", "Bearer " + h.token}
	for _, path := range []string{"/api/v1/info", "/api/v1/me", "/api/v1/classes?limit=1", "/api/v1/classes/999", "/api/v1/openapi.json", "/"} {
		get, head := h.get(path, bearer...), h.do("HEAD", path, "", bearer...)
		require.Equal(t, get.StatusCode, head.StatusCode, path)
		require.Equal(t, get.Header.Get("Content-Type"), head.Header.Get("Content-Type"), path)
		if get.StatusCode == 200 {
			require.Equal(t, strconv.Itoa(len(get.body)), head.Header.Get("Content-Length"), path)
		}
		require.NotEmpty(t, get.body, path)
		require.Empty(t, head.body, path)
	}
}

func TestEveryAddressThatAPersonOpensIsThePage(t *testing.T) {
	h := open(t, nil)
	page := []string{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}
	for _, path := range []string{"/", "/c/1", "/c/1/t/2/m/3", "/sign-in", "/setup", "/join/7KQ2-M9XT", "/settings/tokens", "/admin/users", "/c/%E7%8F%AD", "/anything"} {
		a := h.get(path, page...)
		require.Equal(t, 200, a.StatusCode, path)
		require.Contains(t, string(a.body), "<title>Homeroom", path)
		require.Equal(t, "no-cache", a.Header.Get("Cache-Control"), path)
		require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"), path)
	}
	for _, path := range []string{"/api", "/api/v1/nothing", "/wss", "/docs/x", "/openapi.json", "/openapi", "/assets/x.js", "/assets"} {
		require.NotEqual(t, 200, h.get(path, page...).StatusCode, path)
	}
	require.Equal(t, 404, h.get("/c/1", "Accept", "application/json").StatusCode, "a script gets no page")
	require.Equal(t, 200, h.get("/icon.svg").StatusCode)
}

func TestNoPathLeadsOutOfThePages(t *testing.T) {
	h := open(t, nil)
	for _, path := range []string{
		"/../server.go", "/assets/../../server.go", "/%2e%2e/server.go", "/assets/%2e%2e%2findex.html",
		"/%252e%252e/%252e%252e/etc/passwd", "/assets/%252e%252e/index.html", "/assets/..%252findex.html",
		"/..%5c..%5cserver.go", "/assets//../index.html", "/docs/../index.html", "/docs/%2e%2e/index.html", "/docs/%252e%252e/index.html",
	} {
		a := h.get(path)
		require.Equal(t, 404, a.StatusCode, path)
		a.problem(t)
	}
	require.Equal(t, 421, h.get("//etc/passwd").StatusCode, "a host, to some")
	for _, path := range []string{"/%ff", "/%00", "/a%0d%0ab", "/%zz", "/a%1b[0m"} {
		require.Equal(t, 400, h.get(path).StatusCode, path)
	}
}

func TestAPathIsDecodedOnce(t *testing.T) {
	h := open(t, nil)
	for path, want := range map[string]string{
		"%252e%252e":                        `%2e%2e`,
		"%F0%9F%91%8D":                      `👍`,
		"%E2%9D%A4%EF%B8%8F":                `❤️`,
		"%23%EF%B8%8F%E2%83%A3":             `#️⃣`,
		"%2525":                             `%25`,
		"%F0%9F%91%A9%E2%80%8D%F0%9F%8E%93": `👩‍🎓`,
		"plain":                             `plain`,
		url.PathEscape("🏳️‍🌈"):              `🏳️‍🌈`,
	} {
		a := h.get("/api/v1/probe/text/" + path)
		require.Equal(t, `{"text":"`+want+`"}`, string(a.body), path)
	}
	require.Equal(t, 404, h.get("/api/v1/probe/text/%2e%2e%2f%2e%2e").StatusCode)
}

func TestEveryAnswerCarriesTheHeadersOfThePolicy(t *testing.T) {
	const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types vue dompurify"
	const permissions = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), captured-surface-control=(), clipboard-read=(), compute-pressure=(), cross-origin-isolated=(), digital-credentials-create=(), digital-credentials-get=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), identity-credentials-get=(), idle-detection=(), keyboard-map=(), language-detector=(), language-model=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), on-device-speech-recognition=(), otp-credentials=(), payment=(), picture-in-picture=(), private-state-token-issuance=(), private-state-token-redemption=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), speaker-selection=(), storage-access=(), summarizer=(), sync-xhr=(), translator=(), usb=(), window-management=(), xr-spatial-tracking=()"
	plain := open(t, nil)
	public := open(t, func(c *server.Config) { c.Public = &url.URL{Scheme: "https", Host: "chat.school.example"} })
	for _, path := range []string{"/", "/icon.svg", "/assets/index-abc.js", "/assets/gone.js", "/api/v1/classes", "/api/v1/openapi.json", "/api/v1/probe/panic", "/healthz", "/%ff"} {
		a := plain.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": csp, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Permissions-Policy": permissions, "Strict-Transport-Security": "", "Server": "", "Access-Control-Allow-Origin": "",
		} {
			require.Equal(t, want, a.Header.Get(name), path+" "+name)
		}
		if strings.HasPrefix(path, "/api/") {
			require.Equal(t, "no-store", a.Header.Get("Cache-Control"), path)
		}
		b := public.get(path)
		require.Equal(t, "max-age=31536000; includeSubDomains", b.Header.Get("Strict-Transport-Security"), path)
	}
}

func TestTheDocumentAndItsPageAreServed(t *testing.T) {
	h := open(t, nil)
	a := h.get("/api/v1/openapi.json")
	require.Equal(t, "application/json", a.Header.Get("Content-Type"))
	require.Contains(t, string(a.body), `"openapi":"3.1.0"`)
	zipped := h.get("/api/v1/openapi.json", "Accept-Encoding", "gzip")
	require.Equal(t, "gzip", zipped.Header.Get("Content-Encoding"))
	require.Less(t, len(zipped.body), len(a.body)/3)
	const csp = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types lit-html"
	for _, path := range []string{"/docs", "/docs/"} {
		page := h.get(path)
		require.Equal(t, "text/html; charset=utf-8", page.Header.Get("Content-Type"), path)
		require.Equal(t, csp, page.Header.Get("Content-Security-Policy"), path)
	}
}

func TestAStoppingServerSaysSoAndFinishesWhatItBegan(t *testing.T) {
	h := open(t, nil)
	require.Equal(t, 200, h.get("/readyz").StatusCode)
	h.server.Leave()
	require.Equal(t, 503, h.get("/readyz").StatusCode)
	require.Equal(t, 200, h.get("/healthz").StatusCode)

	answered := make(chan int, 1)
	go func() {
		response, err := http.Get(h.url + "/api/v1/probe/slow")
		if err != nil {
			answered <- 0
			return
		}
		_ = response.Body.Close()
		answered <- response.StatusCode
	}()
	time.Sleep(100 * time.Millisecond)
	start := time.Now()
	require.NoError(t, h.server.Shutdown(t.Context()))
	require.Less(t, time.Since(start), 10*time.Second)
	require.Equal(t, 200, <-answered)
	_, err := http.Get(h.url + "/healthz")
	require.Error(t, err, "nobody new comes in")
}
