"""How many people are counted as invited: one statement for participation and for releases.

While a campaign is open, only those invited at its opening count: whoever joined a moment ago
has not answered, so that the rest would tell how many of the others have not. People who left
without an answer count until the close: if they did not, everybody would know that they had not
answered. After it, those of one unit and role leave the count together, if they are k or more.
"""

__all__ = ["INVITED"]

INVITED = """
SELECT unit_code, role, people - dropped AS invited,
       began - CASE WHEN dropped > 0 THEN gone_began ELSE 0 END AS started, completed
FROM (
    SELECT i.unit_code, i.role, count(*) AS people,
           count(*) FILTER (WHERE i.started OR i.completed) AS began,
           count(*) FILTER (WHERE i.completed) AS completed,
           count(*) FILTER (WHERE gone AND i.started) AS gone_began,
           CASE WHEN count(*) FILTER (WHERE gone) >= min(c.min_group)
                THEN count(*) FILTER (WHERE gone) ELSE 0 END AS dropped
    FROM campaign c JOIN invitation i ON i.campaign = c.id
         CROSS JOIN LATERAL (
             SELECT i.revoked AND NOT i.completed AND c.state = 'closed' AS gone) AS left_it
    WHERE c.id = $1 AND i.role <> 'sponsor' AND (c.state = 'closed' OR NOT i.invited_late)
    GROUP BY i.unit_code, i.role) AS counted
"""
"""Of campaign ``$1``: managers and contributors, per unit and role."""
