//! Server-sent events: the live feed
