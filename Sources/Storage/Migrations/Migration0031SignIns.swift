/// The sign-in at a service that was begun last for an integration: it ends once.
let migration0031SignIns = """
  ALTER TABLE integrations ADD COLUMN sign_in uuid;
  """
