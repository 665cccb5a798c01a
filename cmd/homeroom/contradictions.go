package main

import (
	"fmt"
	"net"
	"net/netip"
	"time"

	"homeroom/app/backup"
	"homeroom/app/doctor"
	"homeroom/app/metrics"
)

// findings are the settings that contradict each other, or one finding that
// none do.
func (s *serve) findings(data string) []doctor.Finding {
	if found := s.contradictions(data); len(found) > 0 {
		return found
	}
	return []doctor.Finding{{Level: doctor.OK, What: "settings: none contradicts another"}}
}

// contradictions are the settings that each may stand alone, and not together.
func (s *serve) contradictions(data string) (found []doctor.Finding) {
	say := func(level doctor.Level, when bool, what, do string) {
		if when {
			found = append(found, doctor.Finding{Level: level, What: "settings: " + what, Do: do})
		}
	}
	if err := s.check(); err != nil {
		say(doctor.Fail, true, err.Error(), "correct it: the server does not start so")
	}
	everywhere, here := reachOf(s.Listen)
	public := s.PublicURL
	say(doctor.Warn, everywhere && public == nil, fmt.Sprintf("--listen %s is every address, and there is no --public-url", s.Listen),
		"give --public-url the address that browsers use; links and checks of the origin are made with it")
	say(doctor.Warn, public != nil && public.Scheme == "http" && !isHere(public.Hostname()), fmt.Sprintf("--public-url %s has no encryption", public),
		"put a proxy with HTTPS in front, and write https://")
	say(doctor.Warn, public != nil && public.Scheme == "https" && here && len(s.TrustedProxies) == 0, "there is a proxy in front (--public-url is https), and no --trusted-proxies",
		"give the proxy's address, such as --trusted-proxies 127.0.0.1: until then everybody shares the limits of one address")
	say(doctor.Warn, len(s.TrustedProxies) > 0 && public == nil, "there are --trusted-proxies, and no --public-url",
		"give --public-url the address that browsers use")
	for _, span := range []struct {
		idle, absolute       time.Duration
		idleName, absoluteIs string
	}{
		{s.Rules.SharedIdle, s.Rules.SharedAbsolute, "shared-idle", "shared-absolute"},
		{s.Rules.DeviceIdle, s.Rules.DeviceAbsolute, "device-idle", "device-absolute"},
		{s.Rules.StaffIdle, s.Rules.StaffAbsolute, "staff-idle", "staff-absolute"},
	} {
		say(doctor.Fail, span.idle > span.absolute, fmt.Sprintf("--%s %v is longer than --%s %v", span.idleName, span.idle, span.absoluteIs, span.absolute),
			"a session never lives to see it: make the first the shorter")
	}
	live := s.Sockets
	say(doctor.Warn, live.Ping+live.Pong > live.Keep, fmt.Sprintf("--ping %v and --pong %v are together longer than --keep %v", live.Ping, live.Pong, live.Keep),
		"a dead connection should be noticed before the next keep frame: shorten --ping")
	say(doctor.Warn, live.Ping >= time.Minute, fmt.Sprintf("--ping %v is no shorter than the 60 s after which many proxies cut", live.Ping), "shorten --ping to 25s")
	say(doctor.Fail, live.Frame > live.QueueBytes, fmt.Sprintf("--max-frame %d is more than --queue-bytes %d", live.Frame, live.QueueBytes), "one large message would close every reader: raise --queue-bytes")
	say(doctor.Fail, live.PerAddress < live.PerUser, fmt.Sprintf("--max-connections-per-address %d is less than --max-connections-per-user %d", live.PerAddress, live.PerUser), "raise the first: a school sits behind one address")
	if s.MetricsListen != "" {
		if err := metrics.CheckAddress(s.MetricsListen, s.MetricsPublic); err != nil {
			say(doctor.Fail, true, err.Error(), "the server does not start so")
		}
		say(doctor.Fail, s.MetricsListen == s.Listen, "--metrics-listen and --listen are the same", "give one of them another port")
	}
	say(doctor.Warn, s.MetricsPublic && s.MetricsListen == "", "--metrics-public has no effect without --metrics-listen", "leave it out, or give an address")
	say(doctor.Warn, s.Backup.Every == 0 && s.Backup.Dir != "", "--backup-dir has no effect without --backup-every", "leave it out, or give an hour or another time")
	mayLie := backup.MayLie(data, s.Backup.folder(data))
	say(doctor.Fail, s.Backup.Every > 0 && !mayLie, fmt.Sprintf("--backup-dir %s is in the data folder: no backup can be made there", s.Backup.Dir), "give it a folder outside, best on another disk")
	say(doctor.Warn, s.Backup.Every > 0 && s.Backup.Dir != "" && mayLie && backup.Inside(data, s.Backup.Dir), "backups lie in the data folder, and are lost with it", "give --backup-dir a folder on another disk")
	say(doctor.Warn, s.Backup.Every > 0 && s.Backup.MaxAge > 0 && s.Backup.Keep > int(s.Backup.MaxAge/s.Backup.Every), fmt.Sprintf("--backup-keep %d and --backup-every %v reach further back than --backup-max-age %v", s.Backup.Keep, s.Backup.Every, s.Backup.MaxAge),
		"older ones are deleted: keep fewer, or say how long what was erased may stay in them")
	return found
}

// reachOf tells who reaches an address that is listened on: every network of
// the machine, or the machine itself alone.
func reachOf(listen string) (everywhere, here bool) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false, false
	}
	addr, err := netip.ParseAddr(host)
	return host == "" || err == nil && addr.IsUnspecified(), isHere(host)
}

func isHere(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
