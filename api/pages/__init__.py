"""The employee's pages: HTML made on the server, complete without scripts."""
