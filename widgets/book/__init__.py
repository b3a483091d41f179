"""The published book: a Sphinx extension, one concern a module, and the pages that are written by models and data.

`extension` registers everything. `places` says where files lie; `cache` what a chapter's execution depends on and
`execution` runs those that changed; `state`, `figures`, `maths`, `markup`, `citations` and `code_colours` turn what
a chapter made into what a page shows; `contents`, `glossary`, `links` and `pages` dress it; `audit` refuses a broken
one. `written` puts in the pages of `reference` (by the models) and `atlas` (by the data). `notebooks` stores chapters'
text; `notebooks_to_run` writes the copies that readers run, with `notebook_prose` and `lab_cells`.
"""
