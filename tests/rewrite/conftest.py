from __future__ import annotations

import pytest

# A row that fails should show both texts.
pytest.register_assert_rewrite(f"{__name__.rpartition('.')[0]}.rows")
