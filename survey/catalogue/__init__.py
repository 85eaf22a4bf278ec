"""Published content: operating models, phases, yardsticks, evidence, criteria of use cases."""
