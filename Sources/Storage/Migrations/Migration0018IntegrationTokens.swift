/// Tokens of integrations that the service renews: who renews them now, and whether somebody must sign in
/// again.
///
/// `token_version` counts what the credentials have been; whoever found a token refused names the version
/// that he used, so that of many only the first renews it.
let migration0018IntegrationTokens = """
  ALTER TABLE integrations
    ADD COLUMN token_version integer NOT NULL DEFAULT 0,
    ADD COLUMN attention text CHECK (length(attention) <= 500),
    ADD COLUMN refresh_owner uuid,
    ADD COLUMN refresh_until timestamptz;
  """
