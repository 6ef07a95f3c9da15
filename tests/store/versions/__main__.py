from tests.store.versions import main

main()
