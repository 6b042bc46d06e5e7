"""Sessions of botocore that share nothing but the descriptions of services, which take a tenth of a second to read."""

from botocore.loaders import create_loader
from botocore.session import Session

_loader = create_loader()


def fresh() -> Session:
    session = Session()
    session.register_component("data_loader", _loader)
    return session
