"""stripe: `auto_paging_iter` in both directions; backward, the SDK turns each page around."""

import stripe

from listed import base, ended, walk

stripe.api_base = base()
stripe.enable_telemetry = False
stripe.max_network_retries = 0
client = stripe.StripeClient("sk_test_of_ada", base_addresses={"api": base()}, max_network_retries=0)


@walk("/v1/customers")
def customers(own, limit):
    page = client.v1.customers.list({"limit": limit})
    return (one.id for one in page.auto_paging_iter())


@walk("/v1/customers", "backward", like=customers[::-1])
def backward(own, limit):
    # The items before the last one, and the last one itself, which is not before itself.
    yield customers[-1]
    page = client.v1.customers.list({"limit": limit, "ending_before": customers[-1]})
    for one in page.auto_paging_iter():
        yield one.id


@walk("/v1/invoices")
def invoices(own, limit):
    page = client.v1.invoices.list({"limit": limit})
    return (one.id for one in page.auto_paging_iter())


ended()
