"""Reads a folder and writes it to the cluster: what ``treaty-bot index`` does."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.corpus.folder import Progress, scan
from bot.corpus.model import Corpus
from bot.service.cluster.client import Client, Cluster
from bot.service.cluster.writing import Written, write
from bot.service.transaction import recover


def index_folder(cluster: Cluster, folder: Path, progress: Progress) -> tuple[Written, Corpus]:
    """Write the articles of a folder as a new version and put it in service. Raises CorpusError as
    ``scan`` does, StoreError and ReindexRunning; the version in service stays then.

    ``progress`` is told how many files have been looked at, then how many sentences are written.
    """
    recover(folder)
    corpus = scan(folder, now=time.time_ns(), progress=progress).corpus
    return asyncio.run(_written(cluster, corpus, progress)), corpus


async def _written(cluster: Cluster, corpus: Corpus, progress: Progress) -> Written:
    client = Client(cluster)
    try:
        return await write(
            client,
            corpus.articles,
            corpus.glossary,
            corpus.questions,
            lambda done: progress(done, corpus.sentences),
        )
    finally:
        await client.close()
