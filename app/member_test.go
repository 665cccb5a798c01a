package app_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/fault"
	"homeroom/models"
)

// The notes are what an admin has when people disagree about who did what.
func TestTheAuditNotesWhatBecameOfAMember(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics")
	ann := apptest.As(h.Ann)
	before, err := h.Audit(t.Context(), apptest.As(h.Ada), 0, 1)
	require.NoError(t, err)
	last := before[0].ID
	noted := func() (actions []string) {
		t.Helper()
		entries, err := h.Audit(t.Context(), apptest.As(h.Ada), 0, 50)
		require.NoError(t, err)
		for _, e := range slices.Backward(entries) {
			if e.ID > last {
				last = e.ID
				require.Equal(t, h.Bob.ID, *e.SubjectID)
				actions = append(actions, e.Action)
			}
		}
		return actions
	}
	change := func(in app.MemberChange) models.Member {
		t.Helper()
		member, err := h.ChangeMember(t.Context(), ann, class.ID, h.Bob.ID, in)
		require.NoError(t, err)
		return member
	}
	add := func(role models.MemberRole) {
		t.Helper()
		_, err := h.AddMember(t.Context(), ann, class.ID, app.NewMember{UserID: h.Bob.ID, Role: role})
		require.NoError(t, err)
	}
	remove := func(by app.Actor) {
		t.Helper()
		require.NoError(t, h.RemoveMember(t.Context(), by, class.ID, h.Bob.ID))
	}
	in := func(d time.Duration) *models.Time {
		at := models.At(h.Now().Add(d))
		return &at
	}
	owner, student := models.Owner, models.Student

	change(app.MemberChange{MutedUntil: in(time.Hour)})
	require.Equal(t, []string{"member.muted"}, noted())
	change(app.MemberChange{Unmute: true})
	require.Equal(t, []string{"member.unmuted"}, noted())
	change(app.MemberChange{Unmute: true})
	require.Empty(t, noted(), "nothing happened")

	change(app.MemberChange{MutedUntil: in(time.Hour)})
	require.Equal(t, []string{"member.muted"}, noted())
	require.Nil(t, change(app.MemberChange{Role: &owner}).MutedUntil)
	require.Equal(t, []string{"member.role", "member.unmuted"}, noted(), "an owner is not muted")
	change(app.MemberChange{Role: &student})
	require.Equal(t, []string{"member.role"}, noted())

	require.Nil(t, change(app.MemberChange{Role: &owner, MutedUntil: in(time.Hour)}).MutedUntil)
	require.Equal(t, []string{"member.role"}, noted(), "the mute never was")
	change(app.MemberChange{Role: &student})
	require.Equal(t, []string{"member.role"}, noted())

	change(app.MemberChange{MutedUntil: in(time.Hour)})
	h.Pass(2 * time.Hour)
	change(app.MemberChange{Unmute: true})
	require.Equal(t, []string{"member.muted"}, noted(), "it had ended by itself")

	change(app.MemberChange{MutedUntil: in(time.Hour)})
	remove(ann)
	require.Equal(t, []string{"member.muted", "member.removed"}, noted())
	add(models.Owner)
	require.Equal(t, []string{"member.added", "member.unmuted"}, noted())
	remove(apptest.As(h.Bob))
	require.Equal(t, []string{"member.left"}, noted())
}

// The roster used to be read up to the limit: those past it were shut out.
func TestALowerLimitOfMembersShutsNobodyOut(t *testing.T) {
	h := apptest.New(t)
	class := h.Class("Physics 9b")
	h.Reopen()
	h.Limits.MembersPerClass = 2
	for _, u := range []models.User{h.Ann, h.Bob, h.Cai} {
		_, err := h.App.Class(t.Context(), apptest.As(u), class.ID)
		require.NoError(t, err)
	}
	_, err := h.AddMember(t.Context(), apptest.As(h.Ann), class.ID, app.NewMember{UserID: h.Eve.ID, Role: models.Student})
	require.ErrorIs(t, err, fault.TooMany)
}
