"""The ground floor: settings, database, sessions, events, jobs, the web edge and the command line."""
