from collections.abc import Iterator

import pytest

from faults.browser import Browser


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("pages")) as browser:
        yield browser
