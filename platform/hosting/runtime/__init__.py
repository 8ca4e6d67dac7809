"""The ground floor: settings, sessions, events, jobs, the web edge and the command line."""
