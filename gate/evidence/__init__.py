"""What a run left behind: finding it, keeping it in one folder, and what the workspace holds beside it."""
