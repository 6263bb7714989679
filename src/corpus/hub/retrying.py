"""The hub's client, so that its POSTs (commit, tag) are tried again, as its GETs and uploads are.

`huggingface_hub` tries most requests again by its `http_backoff`: on 408, 429 and 5xx, on time-outs and broken
connections, five times, waiting longer each time or as long as Retry-After says. It leaves out POSTs that make a commit
or a tag, since those might be done twice. Here they can't: a commit names its parent, and a tag can be made only once.
"""

from __future__ import annotations


def use_retrying_client() -> None:
    """From now on every POST of `huggingface_hub` in this process goes through its `http_backoff`."""
    import httpx2
    from huggingface_hub import set_client_factory
    from huggingface_hub.utils import get_session, http_backoff

    hooks = get_session().event_hooks  # its own: they stop what HF_HUB_OFFLINE forbids

    class Client(httpx2.Client):
        def post(self, url: httpx2.URL | str, **asked: object) -> httpx2.Response:
            answer: httpx2.Response = http_backoff("POST", str(url), **asked)  # it calls this client's `request`
            return answer

    set_client_factory(lambda: Client(event_hooks=hooks, follow_redirects=True, timeout=None))
