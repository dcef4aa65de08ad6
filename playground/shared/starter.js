/** What a newcomer sees first. */
export const starterDocument = `# Welcome to the Studio playground.
#
#   Ctrl Enter    run the operation at the caret
#   Ctrl Space    what can stand here
#   Ctrl /        comment lines in or out
#
# "Docs" describes every type. Your own flows
# need an account: "Sign in" makes one.

query FirstLook {
  __typename
  connectors(first: 3) {
    nodes {
      type
      name
    }
  }
}

query MyFlows {
  viewer {
    user {
      name
      email
    }
  }
  flows(first: 5) {
    nodes {
      id
      name
      status
    }
  }
}
`;

/** What a new tab holds. */
export const emptyDocument = `query {
  __typename
}
`;

