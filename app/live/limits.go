package live

import "time"

// Limits are the numbers of docs/protocol.md that concern connections. Each is
// a flag of the command "serve".
type Limits struct {
	Frame       int           `name:"max-frame" default:"65536" help:"Bytes in one frame of a client."`
	FrameRate   float64       `name:"frames-per-second" default:"10" help:"Frames a second of one connection."`
	FrameBurst  int           `name:"frame-burst" default:"40" help:"Frames that a connection may send at once."`
	BadFrames   int           `name:"max-bad-frames" default:"10" help:"Frames that are no JSON object until a connection is closed."`
	Excess      time.Duration `name:"max-frame-excess" default:"3m" help:"How long a connection may go on sending too many frames."`
	Refused     int           `name:"max-refused-frames" default:"1000" help:"Frames too many until a connection is closed, however soon they come."`
	QueueFrames int           `name:"queue-frames" default:"256" help:"Frames that wait for a slow connection."`
	QueueBytes  int           `name:"queue-bytes" default:"1048576" help:"Bytes that wait for a slow connection."`
	PerUser     int           `name:"max-connections-per-user" default:"8" help:"Connections of one user."`
	PerAddress  int           `name:"max-connections-per-address" default:"600" help:"Connections from one address (a school sits behind one)."`
	Joined      int           `name:"max-joined" default:"500" help:"Threads that one connection may be joined to."`
	Upgrades    int           `name:"upgrades-per-second" default:"5000" help:"New connections a second; more are told to come back."`
	First       time.Duration `name:"first-frame" default:"15s" help:"How long a connection may wait before its first frame."`
	Keep        time.Duration `name:"keep" default:"55s" help:"How often a keep frame is sent."`
	Ping        time.Duration `name:"ping" default:"25s" help:"How often a WebSocket ping is sent."`
	Pong        time.Duration `name:"pong" default:"10s" help:"How long after a ping a sign of life may take."`
	Write       time.Duration `name:"write-deadline" default:"10s" help:"How long one write to a connection may take."`
	Recheck     time.Duration `name:"recheck" default:"1m" help:"How often the sign-in of an open connection is looked at again."`
	Online      time.Duration `name:"online" default:"2s" help:"How often, at the most, a class is told how many are online."`
	Typing      time.Duration `name:"typing" default:"3s" help:"How often, at the most, somebody is said to be typing."`
}

// DefaultLimits are those of a server started without flags.
func DefaultLimits() Limits {
	return Limits{
		Frame: 64 << 10, FrameRate: 10, FrameBurst: 40, BadFrames: 10, Excess: 3 * time.Minute, Refused: 1000,
		QueueFrames: 256, QueueBytes: 1 << 20, PerUser: 8, PerAddress: 600, Joined: 500, Upgrades: 5000,
		First: 15 * time.Second, Keep: 55 * time.Second, Ping: 25 * time.Second, Pong: 10 * time.Second,
		Write: 10 * time.Second, Recheck: time.Minute, Online: 2 * time.Second, Typing: 3 * time.Second,
	}
}

// Close codes. 4000 to 4499 ask to connect again, 4500 to 4999 not to.
const (
	closeNoProtocol  = 1002
	closeUnsupported = 1003
	closeBadText     = 1007
	closeTooBig      = 1009
	closeInternal    = 1011
	closeRestart     = 1012
	closeTooSlow     = 4000
	closeNoHeartbeat = 4001
	closeTooMany     = 4002
	closeResync      = 4003
	closeSignedOut   = 4500
	closeDisabled    = 4501
	closeProtocol    = 4502
	closeConnections = 4503
	mostPending      = 1024 // events that wait for a replay to end
)
