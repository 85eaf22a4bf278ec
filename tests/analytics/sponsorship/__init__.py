"""The sponsorship gap."""
