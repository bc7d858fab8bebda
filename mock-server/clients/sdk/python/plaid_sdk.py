"""plaid-python: a cursor in the body of a POST; `next_cursor` and `has_more` in the answer."""

import plaid
from plaid.api import plaid_api
from plaid.model.transactions_sync_request import TransactionsSyncRequest

from listed import base, ended, walk

keys = {"clientId": "token-of-ada", "secret": "token-of-ada"}
client = plaid_api.PlaidApi(plaid.ApiClient(plaid.Configuration(host=base(), api_key=keys)))


@walk("/transactions/sync", method="POST")
def transactions(own, limit):
    asked = {"access_token": "token-of-ada", "count": limit}
    while True:
        page = client.transactions_sync(TransactionsSyncRequest(**asked))
        for one in page.added:
            yield one.transaction_id
        if not page.has_more:
            return
        asked["cursor"] = page.next_cursor


ended()
