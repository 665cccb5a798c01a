package pushes

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/models"
)

func TestATokenForOneClassPushesToThatClassAlone(t *testing.T) {
	s := open(t)
	second := s.Class("Chemistry 9b")
	_, err := s.AddMember(t.Context(), apptest.As(s.Ann), second.ID, app.NewMember{UserID: s.Eve.ID, Role: models.Student})
	require.NoError(t, err)
	bob, eve, ann := s.page(s.Bob), s.page(s.Eve), s.page(s.Ann)
	token := s.token(s.Ann, app.NewToken{Scopes: []models.Scope{models.ScopePush}, ClassIDs: []int64{s.class.ID}})
	for name, x := range map[string]struct {
		body object
		code int
		want string
	}{
		"its class":              {object{"class_id": s.class.ID}, 0, "ok"},
		"another of the user's":  {object{"class_id": second.ID}, 107, ""},
		"a class of others":      {object{"class_id": s.foreign.ID}, 107, ""},
		"everybody":              {object{}, 125, ""},
		"somebody in its class":  {object{"to": s.Bob.ID}, 0, "ok"},
		"somebody in the second": {object{"to": s.Eve.ID}, 0, "offline"},
		"somebody elsewhere":     {object{"to": s.Ada.ID}, 0, "offline"},
	} {
		x.body["content"] = name
		a := s.ask(token, http.MethodPost, "/api/v1/pushes", "application/json", encoded(t, x.body))
		require.Equal(t, x.code, a.Code(), "%s: %s", name, a.Bytes)
		if x.want != "" {
			var result app.PushResult
			a.JSON(t, &result)
			require.Equal(t, x.want, result.Result, name)
		}
	}
	require.ElementsMatch(t, []string{"its class", "somebody in its class"}, contents(pushes(bob)))
	require.Equal(t, []string{"its class"}, contents(pushes(ann)))
	require.Empty(t, pushes(eve))

	// The admin's token that is limited to a class is no admin's any more.
	_, err = s.AddMember(t.Context(), apptest.As(s.Ada), s.class.ID, app.NewMember{UserID: s.Ada.ID, Role: models.Student})
	require.NoError(t, err)
	limited := s.token(s.Ada, app.NewToken{Scopes: []models.Scope{models.ScopePush}, ClassIDs: []int64{s.class.ID}})
	for _, body := range []object{{"content": "x"}, {"class_id": s.class.ID, "content": "x"}} {
		require.Equal(t, 125, s.ask(limited, http.MethodPost, "/api/v1/pushes", "application/json", encoded(t, body)).Code(), body)
	}
}

func TestWhoLosesTheClassPushesThereNoMore(t *testing.T) {
	s := open(t)
	assistant := models.Assistant
	_, err := s.ChangeMember(t.Context(), apptest.As(s.Ann), s.class.ID, s.Cai.ID, app.MemberChange{Role: &assistant})
	require.NoError(t, err)
	token := s.token(s.Cai, app.NewToken{Scopes: []models.Scope{models.ScopePush}})
	bob := s.page(s.Bob)
	ask := func(body object) int {
		body["content"] = "x"
		return s.ask(token, http.MethodPost, "/api/v1/pushes", "application/json", encoded(t, body)).Code()
	}
	require.Zero(t, ask(object{"class_id": s.class.ID}))
	require.Zero(t, ask(object{"to": s.Bob.ID}))
	require.Len(t, pushes(bob), 2)
	require.NoError(t, s.RemoveMember(t.Context(), apptest.As(s.Ann), s.class.ID, s.Cai.ID))
	require.Equal(t, 107, ask(object{"class_id": s.class.ID}))
	require.Zero(t, ask(object{"to": s.Bob.ID}))
	require.Empty(t, pushes(bob))
}

func TestATokenIsShownOnceAndListedWithItsLastUseAndExpiry(t *testing.T) {
	s := open(t)
	expires := models.At(s.Now().Add(30 * 24 * time.Hour))
	a := s.REST(s.Ann, http.MethodPost, "/me/tokens", object{
		"name": "timetable", "scopes": []string{"push"}, "class_ids": []int64{s.class.ID}, "expires_at": expires,
	})
	require.Equal(t, http.StatusCreated, a.StatusCode, "%s", a.Bytes)
	var made models.Token
	a.JSON(t, &made)
	require.NotEmpty(t, made.Secret)
	listed := func(who models.User, path string) (found models.Token) {
		t.Helper()
		a := s.REST(who, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, a.StatusCode)
		require.NotContains(t, string(a.Bytes), `"secret"`)
		require.NotContains(t, string(a.Bytes), made.Secret)
		var list struct{ Items []models.Token }
		require.NoError(t, json.Unmarshal(a.Bytes, &list))
		for _, token := range list.Items {
			if token.ID == made.ID {
				return token
			}
		}
		return found
	}
	for who, path := range map[models.User]string{s.Ann: "/me/tokens", s.Ada: "/tokens"} {
		token := listed(who, path)
		require.Equal(t, []any{"timetable", s.Ann.ID}, []any{token.Name, token.UserID})
		require.Equal(t, []models.Scope{models.ScopePush}, token.Scopes)
		require.Equal(t, []int64{s.class.ID}, token.ClassIDs)
		require.Equal(t, expires, *token.ExpiresAt)
		require.Nil(t, token.LastUsedAt, "nobody has used it")
	}
	used := s.Now()
	s.ask(made.Secret, http.MethodPost, "/api/v1/pushes", "application/json", `{"to":1,"content":"x"}`)
	for who, path := range map[models.User]string{s.Ann: "/me/tokens", s.Ada: "/tokens"} {
		require.Eventually(t, func() bool {
			token := listed(who, path)
			return token.LastUsedAt != nil && !token.LastUsedAt.Before(used.Truncate(time.Millisecond))
		}, 5*time.Second, 10*time.Millisecond, path)
	}
	require.Zero(t, listed(s.Bob, "/me/tokens").ID, "it is nobody else's business")
	require.Equal(t, 125, s.REST(s.Bob, http.MethodGet, "/tokens", nil).Code())
	require.Equal(t, 126, s.REST(s.Bob, http.MethodDelete, fmt.Sprintf("/me/tokens/%d", made.ID), nil).Code())
	require.Equal(t, 125, s.REST(s.Bob, http.MethodDelete, fmt.Sprintf("/tokens/%d", made.ID), nil).Code())
	require.Equal(t, http.StatusNoContent, s.REST(s.Ada, http.MethodDelete, fmt.Sprintf("/tokens/%d", made.ID), nil).StatusCode)
	require.Equal(t, 130, s.ask(made.Secret, http.MethodPost, "/api/v1/pushes", "application/json", `{"to":1,"content":"x"}`).Code())
	require.Zero(t, listed(s.Ann, "/me/tokens").ID)
}
