"""What the set-up of an organisation refuses. Each error is a sentence for whoever asked; nothing has been saved."""


class SetupError(ValueError):
    """Something that cannot be, said in a sentence."""


class StaleError(SetupError):
    """Somebody else has changed the row since the form was opened."""
