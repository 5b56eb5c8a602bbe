"""What a release is made of: version, notes, image, list of contents, pinned action.yml, commit, tags.

It lies beside the workflow that runs it: no part of the gate, of its wheel or of its image. The modules reach
no registry and no server; `release.yml` does, with what they wrote. `make release-dry-run` runs all of them.
"""
