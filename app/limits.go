package app

import "time"

// Limits are the numbers of docs/protocol.md and docs/security.md. Each is a
// flag of the command "serve"; the tags give its name, default and help.
type Limits struct {
	TextLength      int           `name:"max-text" default:"10000" help:"Characters in a message."`
	NameLength      int           `name:"max-name" default:"60" help:"Characters in the name of a user, class or thread."`
	ReactionKinds   int           `name:"max-reaction-kinds" default:"20" help:"Distinct emoji under one message."`
	SendRate        float64       `name:"sends-per-second" default:"5" help:"Messages a second of one user."`
	SendBurst       int           `name:"send-burst" default:"20" help:"Messages that a user may send at once."`
	ThreadRate      float64       `name:"thread-sends-per-second" default:"50" help:"Messages a second in one thread."`
	WaitingText     int           `name:"max-waiting-text" default:"8388608" help:"Bytes of text that wait for the disk at the same time."`
	Page            int           `name:"max-page" default:"100" help:"Messages in one page of a thread, at the most 100."`
	ReplayEvents    int           `name:"max-replay" default:"500" help:"Missed events of a class that are replayed; more is a resync."`
	ClassesPerUser  int           `name:"max-classes-per-user" default:"200" help:"Classes that a user may be in."`
	ThreadsPerClass int           `name:"max-threads-per-class" default:"2000" help:"Threads in a class."`
	MembersPerClass int           `name:"max-members-per-class" default:"5000" help:"Members of a class."`
	SignUp          bool          `name:"sign-up" default:"true" negatable:"" help:"Whoever holds a join code may make an account."`
	HashSlots       int           `name:"hash-slots" default:"0" help:"Passwords hashed at the same time (19 MiB each); 0: half of the processors, at the most 2."`
	HashQueue       int           `name:"hash-queue" default:"64" help:"Passwords that wait for a slot."`
	HashWait        time.Duration `name:"hash-wait" default:"3s" help:"How long a password waits for a slot."`
	SessionsPerUser int           `name:"max-sessions-per-user" default:"10" help:"Signed-in browsers of one user."`
	TokensPerUser   int           `name:"max-tokens-per-user" default:"50" help:"Tokens of one user."`
	DevicesPerUser  int           `name:"max-devices-per-user" default:"10" help:"Browsers of one user whose wrong passwords are counted by themselves."`
	SharedIdle      time.Duration `name:"shared-idle" default:"2h" help:"A session on a shared computer ends after that long without use."`
	SharedAbsolute  time.Duration `name:"shared-absolute" default:"12h" help:"A session on a shared computer ends after that."`
	DeviceIdle      time.Duration `name:"device-idle" default:"168h" help:"The same for one's own device."`
	DeviceAbsolute  time.Duration `name:"device-absolute" default:"720h" help:"The same for one's own device."`
	StaffIdle       time.Duration `name:"staff-idle" default:"12h" help:"The same for teachers and admins."`
	StaffAbsolute   time.Duration `name:"staff-absolute" default:"168h" help:"The same for teachers and admins."`
	ConfirmAfter    time.Duration `name:"confirm-after" default:"15m" help:"How long after giving the password staff may do what cannot be undone without giving it again."`
	AdminFactor     bool          `name:"admin-second-factor" default:"true" negatable:"" help:"An admin who signs in does nothing before a second factor is set up."`
	SetupLink       time.Duration `name:"setup-link" default:"24h" help:"How long the set-up link is valid."`
	FreeFailures    int           `name:"free-login-failures" default:"5" help:"Wrong passwords of an account before it has to wait."`
	FirstWait       time.Duration `name:"first-login-wait" default:"30s" help:"How long an account waits after its free wrong passwords; each one more doubles it."`
	LongestWait     time.Duration `name:"max-login-wait" default:"1h" help:"How long an account waits at the most."`
	MostFailures    int           `name:"max-login-failures" default:"100" help:"Wrong passwords of an account until it must be reset."`
	AddressFailures int           `name:"login-failures-per-address" default:"20" help:"Wrong passwords a minute from one address."`
	AddressLogins   int           `name:"logins-per-address" default:"120" help:"Sign-ins a minute from one address."`
	OpenReports     int           `name:"max-open-reports" default:"20" help:"Reports of one user that nobody has resolved."`
	KeepMessages    time.Duration `name:"keep-messages" default:"9600h" help:"How long messages are kept before they are purged for good: 9600h is 400 days, 0 is for ever."`
	KeptPushes      int           `name:"max-kept-pushes" default:"100" help:"Pushes that wait for a user who is offline."`
	KeepPushes      time.Duration `name:"keep-pushes" default:"168h" help:"How long a push waits for a user who is offline."`
	FileBytes       int64         `name:"max-file-bytes" default:"26214400" help:"Bytes of a file."`
	FilesPerMessage int           `name:"max-files-per-message" default:"10" help:"Files of a message."`
	FilesPerUser    int64         `name:"files-per-user" default:"1073741824" help:"Bytes of the files of one user."`
	FilesPerClass   int64         `name:"files-per-class" default:"10737418240" help:"Bytes of the files of a class."`
	FilesSpare      int64         `name:"files-spare" default:"536870912" help:"Bytes that files leave free on the disk: messages need room too."`
	UploadRate      float64       `name:"uploads-per-minute" default:"20" help:"Files that one user may begin in a minute."`
	UnsentFiles     time.Duration `name:"unsent-files" default:"24h" help:"How long a file that was begun is kept without being sent."`
	Pixels          int           `name:"max-pixels" default:"40000000" help:"Pixels of a picture, all its frames together; while it is drawn each takes 4 bytes and more."`
	PictureWait     time.Duration `name:"picture-wait" default:"10s" help:"How long a picture waits for the one that is drawn."`
	CodeTries       int           `name:"code-tries-per-address" default:"60" help:"Wrong join codes a minute from one address, and of one user."`

	Passwords `kong:"-"` // settings of every command that makes or resets accounts
}

// Passwords are the rules about passwords that the commands share with the
// server.
type Passwords struct {
	StaffPassword   int           `name:"min-staff-password" default:"15" help:"Characters in the password of a teacher or an admin."`
	FactorPassword  int           `name:"min-second-factor-password" default:"8" help:"Characters in the password of a teacher or an admin who has a second factor."`
	StudentPassword int           `name:"min-student-password" default:"8" help:"Characters in the password of a student."`
	PasswordBytes   int           `name:"max-password-bytes" default:"256" help:"Bytes in any password."`
	ResetPhrase     time.Duration `name:"reset-phrase" default:"24h" help:"How long the phrase of a reset is good for its one sign-in."`
	Resets          int           `name:"resets-per-hour" default:"3" help:"Resets of one account in an hour."`
	ServerName      string        `kong:"-"` // no password is made of it
}

// DefaultLimits are those of a server started without flags.
func DefaultLimits() Limits {
	return Limits{
		TextLength: 10_000, NameLength: 60, ReactionKinds: 20,
		SendRate: 5, SendBurst: 20, ThreadRate: 50, WaitingText: 8 << 20, Page: MostPerPage, ReplayEvents: 500,
		ClassesPerUser: 200, ThreadsPerClass: 2000, MembersPerClass: 5000,
		SignUp:    true,
		HashQueue: 64, HashWait: 3 * time.Second,
		SessionsPerUser: 10, TokensPerUser: 50, DevicesPerUser: 10,
		SharedIdle: 2 * time.Hour, SharedAbsolute: 12 * time.Hour,
		DeviceIdle: 7 * 24 * time.Hour, DeviceAbsolute: 30 * 24 * time.Hour,
		StaffIdle: 12 * time.Hour, StaffAbsolute: 7 * 24 * time.Hour,
		ConfirmAfter: 15 * time.Minute,
		AdminFactor:  true,
		SetupLink:    24 * time.Hour,
		FreeFailures: 5, FirstWait: 30 * time.Second, LongestWait: time.Hour, MostFailures: 100,
		AddressFailures: 20, AddressLogins: 120, CodeTries: 60,
		OpenReports: 20, KeepMessages: 400 * 24 * time.Hour,
		FileBytes: 25 << 20, FilesPerMessage: 10, FilesPerUser: 1 << 30, FilesPerClass: 10 << 30, FilesSpare: 512 << 20,
		UploadRate: 20, UnsentFiles: 24 * time.Hour, Pixels: 40_000_000, PictureWait: 10 * time.Second,
		KeptPushes: 100, KeepPushes: 7 * 24 * time.Hour,
		Passwords: Passwords{
			StaffPassword: 15, FactorPassword: 8, StudentPassword: 8, PasswordBytes: 256,
			ResetPhrase: 24 * time.Hour, Resets: 3, ServerName: "Homeroom",
		},
	}
}
