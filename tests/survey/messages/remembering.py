"""A channel that remembers, and answers as it is told."""

from survey.messages.message import Message, Outcome

__all__ = ["RememberingChannel"]


class RememberingChannel:
    """Keeps every message; gives the outcomes it was given, then ``sent``."""

    def __init__(self, *outcomes: Outcome | Exception) -> None:
        self.messages: list[Message] = []
        self._outcomes = list(outcomes)

    async def send(self, message: Message) -> Outcome:
        self.messages.append(message)
        outcome = self._outcomes.pop(0) if self._outcomes else Outcome.SENT
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def fault(self) -> str | None:
        return None

    async def close(self) -> None:
        pass
