package live_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"homeroom/app"
	"homeroom/app/apptest"
	"homeroom/app/server/servertest"
)

func TestAMessageReachesEverybodyInTheClassOnce(t *testing.T) {
	s := servertest.New(t)
	class := s.Class("Physics")
	thread, err := s.OpenThread(t.Context(), apptest.As(s.Ann), class.ID, app.NewThread{Name: "Homework"})
	require.NoError(t, err)
	bob, cai := s.Dial(s.Bob, servertest.V2), s.Dial(s.Cai, servertest.V2)
	bob.Hello()
	cai.Hello()

	sent := bob.Ask(servertest.Frame{"action": "send", "class_id": class.ID, "thread_id": thread.ID, "content": "hi", "client_id": "1"})
	require.Equal(t, 105.0, sent["code"], sent)
	again := bob.Ask(servertest.Frame{"action": "send", "class_id": class.ID, "thread_id": thread.ID, "content": "hi", "client_id": "1"})
	require.Equal(t, sent["message"], again["message"])

	event := cai.HearOp("event")
	require.Equal(t, "message.created", event["type"])
	message := event["data"].(map[string]any)
	require.Equal(t, "hi", message["content"])
	require.NotContains(t, message, "client_id", "the sender's own id is for the sender")
}
