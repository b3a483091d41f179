"""The contract of a lab as JSON Schema, from which the page's TypeScript types are generated.

python -m widgets.labs.schema          prints the schema
"""

from __future__ import annotations

import json
from typing import Annotated, Union

from pydantic import Field, create_model

from widgets.labs import panels
from widgets.labs.spec import LabSpec


def schema() -> dict:
    """JSON Schema of `LabSpec` as it stands in the page (camelCase), every kind of panel among its panels."""
    kinds = Union[tuple(panels.PANELS[kind] for kind in sorted(panels.PANELS))]  # noqa: UP007  (made of a list, not written out)
    whole = create_model("LabSpec", __base__=LabSpec, panels=(list[Annotated[kinds, Field(discriminator="kind")]], ...))
    return whole.model_json_schema(by_alias=True, mode="serialization")


if __name__ == "__main__":
    print(json.dumps(schema(), indent=1))
