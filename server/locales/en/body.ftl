figure-adult-female = Body of a woman
figure-adult-male = Body of a man
figure-child-female = Body of a girl
figure-child-male = Body of a boy
figure-front = Front
figure-back = Back
figure-keys = Tap a region, or reach the figure by Tab, go on with the arrows and choose with Enter. The list below has the same.
figure-region = { $region }, { $n ->
    [one] 1 examination
   *[other] { $n } examinations
 }
figure-region-done = { $region }, examined; { $n } left
region-examined = { $name } (done)
region-whole = The whole patient
region-head = Head, eyes, ears, nose and throat
region-neck = Neck
region-chest = Chest
region-abdomen = Abdomen
region-pelvis = Groin and pelvis
region-arms = Arms and hands
region-legs = Legs and joints
region-back = Back and loins
technique-inspect = inspect
technique-palpate = palpate
technique-percuss = percuss
technique-auscultate = listen
technique-measure = measure
technique-test = test
technique-talk = talk
trend-title = { $name } over time
trend-reference = reference { $range }
trend-hours = { $hours } h
trend-when = Time
