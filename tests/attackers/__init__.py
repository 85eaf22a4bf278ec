"""Attackers: what somebody who wants to know too much can work out from what we show."""
